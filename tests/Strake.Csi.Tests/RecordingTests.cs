using System.Collections.Concurrent;
using Google.Protobuf;
using Strake.Grpc;

namespace Strake.Csi.Tests;

/// <summary>Calls that are written down and made again.</summary>
public sealed class RecordingTests : IAsyncLifetime
{
    readonly LyingDriver driver = new();
    readonly ConcurrentQueue<string> lines = [];
    readonly ConcurrentQueue<CsiBreach> breaches = [];
    Func<CsiCall, IMessage, Task<IMessage>> answer = static (_, _) => Task.FromResult<IMessage>(new CreateVolumeResponse { Volume = new Volume { VolumeId = "id" } });

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await driver.StartAsync((call, request) => answer(call, request));

    public ValueTask DisposeAsync() => driver.DisposeAsync();

    [Fact]
    public async Task A_call_passes_through_is_written_down_without_its_secrets_and_can_be_made_again()
    {
        using GrpcChannel channel = await driver.ServeAsync(new CsiProxy(driver.Channel, exchange => lines.Enqueue(CsiRecording.Write(exchange)), breaches.Enqueue));
        var request = new CreateVolumeRequest { Name = "name", Secrets = { ["password"] = "geheim" }, Parameters = { ["kept"] = "yes" } };
        string? arrived = null;
        answer = (_, asked) =>
        {
            arrived = ((CreateVolumeRequest)asked).Secrets.GetValueOrDefault("password");
            return Task.FromResult<IMessage>(new CreateVolumeResponse { Volume = new Volume { VolumeId = "id" } });
        };
        CreateVolumeResponse response = await channel.CallAsync(ControllerMethods.CreateVolume, request, GrpcCallOptions.None, Token);
        Assert.Equal("id", response.Volume.VolumeId);
        Assert.Equal("geheim", arrived);
        string line = Assert.Single(lines);
        Assert.DoesNotContain(Convert.ToBase64String("geheim"u8), line, StringComparison.Ordinal);
        CsiExchange read = CsiRecording.Read(line);
        Assert.Equal("yes", ((CreateVolumeRequest)read.Request).Parameters["kept"]);
        Assert.Empty(((CreateVolumeRequest)read.Request).Secrets);
        Assert.Equal(response, read.Response);

        List<string> differences = [];
        await CsiRecording.ReplayAsync(lines.ToAsyncEnumerable(), driver.Channel, static _ => { }, differences.Add, Token);
        Assert.Empty(differences);
        answer = static (_, _) => throw new GrpcException(GrpcStatusCode.ResourceExhausted, "no room");
        await CsiRecording.ReplayAsync(lines.ToAsyncEnumerable(), driver.Channel, static _ => { }, differences.Add, Token);
        Assert.Contains("no room", Assert.Single(differences), StringComparison.Ordinal);
        Assert.Empty(breaches);
    }

    [Fact]
    public async Task A_refusal_passes_through()
    {
        using GrpcChannel channel = await driver.ServeAsync(new CsiProxy(driver.Channel, static _ => { }, breaches.Enqueue));
        answer = static (_, _) => throw new GrpcException(GrpcStatusCode.OutOfRange, "too large");
        GrpcException refused = await Assert.ThrowsAsync<GrpcException>(
            () => channel.CallAsync(ControllerMethods.CreateVolume, new CreateVolumeRequest(), GrpcCallOptions.None, Token));
        Assert.Equal((GrpcStatusCode.OutOfRange, "too large"), (refused.Code, refused.Status.Message));
        Assert.Empty(breaches);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"Service":"csi.v1.Controller","Name":"NoSuch","Request":"","Code":0,"Message":"","Milliseconds":1}""")]
    [InlineData("""{"Service":"csi.v1.Controller","Name":"CreateVolume","Request":"/////w==","Code":0,"Message":"","Milliseconds":1}""")]
    [InlineData("""{"Service":"csi.v1.Controller","Name":"CreateVolume","Request":"","Code":0,"Message":"","Milliseconds":1e300}""")]
    public void A_line_that_is_none_is_refused(string line) => Assert.Equal(ErrorKind.Invalid, Assert.Throws<StrakeException>(() => CsiRecording.Read(line)).Kind);

    [Fact]
    public async Task Torture_finds_a_driver_that_makes_a_volume_twice()
    {
        int made = 0;
        answer = (_, _) => Task.FromResult<IMessage>(new CreateVolumeResponse { Volume = new Volume { VolumeId = $"id-{Interlocked.Increment(ref made)}" } });
        using GrpcChannel channel = await driver.ServeAsync(new CsiTorture(driver.Channel, new Random(1), TimeProvider.System, static _ => { }, breaches.Enqueue));
        for (int call = 0; call < 20; call++)
            await channel.CallAsync(ControllerMethods.CreateVolume, new CreateVolumeRequest { Name = $"name-{call}" }, GrpcCallOptions.None, Token);
        Assert.Contains(breaches, static breach => breach.Rule.StartsWith("a call that is repeated", StringComparison.Ordinal));
    }
}
