using System.Diagnostics;
using System.Globalization;
using Strake.Csi;
using Strake.Grpc;

// An orchestrator: makes volumes of a driver, publishes them, takes them away and removes them, through the driver's socket.
//   SOCKET PLACES COUNT IN_FLIGHT [NAME=VALUE]...     prints calls a second of each of the four, and of all of them; the rest are parameters

if (args is not [string socket, string places, string number, string width, .. string[] given])
{
    Console.Error.WriteLine("see the source for how it is called");
    return 1;
}

int count = int.Parse(number, CultureInfo.InvariantCulture), inFlight = int.Parse(width, CultureInfo.InvariantCulture);
string[] ids = new string[count];
var capability = new VolumeCapability { Mount = new(), AccessMode = new() { Mode = VolumeCapability.Types.AccessMode.Types.Mode.SingleNodeWriter } };
using var channel = GrpcChannel.To(GrpcAddress.Unix(socket), new GrpcChannelOptions());
var options = new GrpcCallOptions { Timeout = TimeSpan.FromMinutes(1) };
string run = Guid.NewGuid().ToString("n")[..8];

double all = 0;
foreach (Func<int, Task> step in (Func<int, Task>[])[CreateAsync, PublishAsync, UnpublishAsync, DeleteAsync])
{
    long began = Stopwatch.GetTimestamp();
    int next = -1;
    await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
    {
        while (Interlocked.Increment(ref next) is var at && at < count) await step(at);
    })));
    double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
    all += seconds;
    Console.WriteLine((count / seconds).ToString("0.0", CultureInfo.InvariantCulture));
}

Console.WriteLine((4 * count / all).ToString("0.0", CultureInfo.InvariantCulture));
return 0;

async Task CreateAsync(int at)
{
    var request = new CreateVolumeRequest { Name = $"bench-{run}-{at}", VolumeCapabilities = { capability }, CapacityRange = new() { RequiredBytes = 64 << 20 } };
    foreach (string one in given) request.Parameters.Add(one.Split('=', 2)[0], one.Split('=', 2)[1]);
    ids[at] = (await channel.CallAsync(ControllerMethods.CreateVolume, request, options, CancellationToken.None)).Volume.VolumeId;
}

Task PublishAsync(int at) => channel.CallAsync(
    NodeMethods.NodePublishVolume, new() { VolumeId = ids[at], TargetPath = Path.Combine(places, ids[at]), VolumeCapability = capability }, options, CancellationToken.None);

Task UnpublishAsync(int at) => channel.CallAsync(NodeMethods.NodeUnpublishVolume, new() { VolumeId = ids[at], TargetPath = Path.Combine(places, ids[at]) }, options, CancellationToken.None);

Task DeleteAsync(int at) => channel.CallAsync(ControllerMethods.DeleteVolume, new() { VolumeId = ids[at] }, options, CancellationToken.None);
