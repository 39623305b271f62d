using System.Net;
using System.Text.Json;
using Strake.Grpc;
using Strake.Kubernetes.Pods;
using Strake.Kubernetes.Pods.Probes;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Pods;

/// <summary>Health checks of gRPC, answered by a real server.</summary>
public sealed class ProbeQuestionTests
{
    // No command is run here.
    readonly ProbeQuestion question = new(runtime: null!);

    [Theory]
    [InlineData("", ServingStatus.Serving, null)]
    [InlineData("store", ServingStatus.Serving, null)]
    [InlineData("store", ServingStatus.NotServing, "service unhealthy (responded with \"NOT_SERVING\")")]
    [InlineData("other", ServingStatus.Serving, "service unhealthy (responded with \"SERVICE_UNKNOWN\")")]
    public async Task A_server_says_how_a_service_is(string service, ServingStatus status, string? failure)
    {
        var health = new HealthService();
        health.Set("store", status);
        await using GrpcHost host = await ServeAsync(health.Handlers);
        Assert.Equal(failure, await AskAsync(PortOf(host), service));
    }

    [Fact]
    public async Task A_server_that_does_not_say_is_not_well()
    {
        await using GrpcHost host = await ServeAsync([]);
        Assert.NotNull(await AskAsync(PortOf(host), ""));
    }

    [Fact]
    public async Task Where_nobody_listens_that_is_said()
    {
        int port;
        await using (GrpcHost host = await ServeAsync([])) port = PortOf(host);
        Assert.Contains($"127.0.0.1:{port}", await AskAsync(port, ""), StringComparison.Ordinal);
    }

    static Task<GrpcHost> ServeAsync(IReadOnlyList<GrpcHandler> handlers) => GrpcHost.StartAsync(
        new GrpcServer(handlers, new GrpcServerOptions()), new GrpcHostOptions { Addresses = [GrpcAddress.Parse("tcp://127.0.0.1:0")] }, TestContext.Current.CancellationToken);

    static int PortOf(GrpcHost host) => ((IPEndPoint)host.Addresses[0].EndPoint).Port;

    Task<string?> AskAsync(int port, string service)
    {
        JsonElement probe = JsonElement.Parse($$"""{"grpc":{"port":{{port}},"service":"{{service}}"},"timeoutSeconds":20}""");
        return question.AskAsync(
            PodContainer.Read(JsonElement.Parse("""{"name":"web","image":"busybox"}""")), new ContainerRun("web-0", "web", 0), new ProbeSettings(probe), "127.0.0.1",
            TestContext.Current.CancellationToken);
    }
}
