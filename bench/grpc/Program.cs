using System.Diagnostics;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Strake.Grpc;

// A server and a client of Strake.Grpc with the calls that the peer beside it makes:
//   serve SOCKET                      answers each message with itself until it is killed
//   call SOCKET IN_FLIGHT SECONDS     prints calls a second

GrpcMethod<StringValue, StringValue> say = GrpcMethod.Of("strake.bench.Echo", "Say", StringValue.Parser, StringValue.Parser);
switch (args)
{
    case ["serve", string socket]:
        var server = new GrpcServer([GrpcHandler.Unary(say, static (request, _) => Task.FromResult(new StringValue { Value = request.Value }))], new GrpcServerOptions());
        await using (await GrpcHost.StartAsync(server, new GrpcHostOptions { Addresses = [GrpcAddress.Unix(socket)] }, CancellationToken.None))
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        return 0;
    case ["call", string socket, string inFlight, string seconds]:
        using (var channel = GrpcChannel.To(GrpcAddress.Unix(socket), new GrpcChannelOptions()))
        {
            int count = int.Parse(inFlight, CultureInfo.InvariantCulture);
            TimeSpan length = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
            await RunAsync(channel, count, length / 2);   // the warm-up
            Console.WriteLine((await RunAsync(channel, count, length)).ToString("0", CultureInfo.InvariantCulture));
        }

        return 0;
    default:
        Console.Error.WriteLine("see the source for how it is called");
        return 1;
}

async Task<double> RunAsync(GrpcChannel channel, int inFlight, TimeSpan length)
{
    long calls = 0;
    long began = Stopwatch.GetTimestamp();
    await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
    {
        while (Stopwatch.GetElapsedTime(began) < length)
        {
            await channel.CallAsync(say, new StringValue { Value = "hello, world" }, GrpcCallOptions.None, CancellationToken.None);
            Interlocked.Increment(ref calls);
        }
    })));
    return calls / Stopwatch.GetElapsedTime(began).TotalSeconds;
}
