using Strake.Daemon.DockerApi;
using Strake.Daemon.Server;

namespace Strake.Daemon.Tests.DockerApi;

/// <summary>Every call of the stock client lands where it belongs: what is offered, and what is refused by name.</summary>
public sealed class RouteTableTests
{
    // Handlers are never called here, so there need be nothing behind them.
    static readonly Router s_router = new(new DockerRoutes
    {
        Images = null!,
        Registries = null!,
        Volumes = null!,
        Plugins = null!,
        Csi = null!,
        Managed = null!,
        Containers = null!,
        Builder = null!,
        Networks = new Containers.Networks.ContainerNetworks(bridge: null),
        Journal = new EventJournal(),
        Daemon = new DaemonDescription
        {
            DataRoot = "/", Driver = "vfs", DriverStatus = () => [], DriverWarnings = [], Runtimes = new Dictionary<string, string>(), DefaultRuntime = "runc", Registries = RegistryConfigBody.Of([], []), Labels = [],
        },
        Time = TimeProvider.System,
    }.All);

    [Theory]
    [InlineData("GET", "/_ping")]
    [InlineData("HEAD", "/_ping")]
    [InlineData("GET", "/version")]
    [InlineData("GET", "/info")]
    [InlineData("POST", "/auth")]
    [InlineData("GET", "/events")]
    [InlineData("GET", "/system/df")]
    [InlineData("GET", "/images/json")]
    [InlineData("GET", "/images/get")]
    [InlineData("GET", "/images/search")]
    [InlineData("GET", "/images/a/b:1/json", "/images/{name...}/json")]
    [InlineData("GET", "/images/a/b:1/history", "/images/{name...}/history")]
    [InlineData("GET", "/images/a/b:1/get", "/images/{name...}/get")]
    [InlineData("POST", "/images/a/b:1/tag", "/images/{name...}/tag")]
    [InlineData("POST", "/images/a/b:1/push", "/images/{name...}/push")]
    [InlineData("DELETE", "/images/a/b:1", "/images/{name...}")]
    [InlineData("POST", "/images/load")]
    [InlineData("POST", "/images/create")]
    [InlineData("POST", "/images/prune")]
    [InlineData("POST", "/commit")]
    [InlineData("GET", "/containers/json")]
    [InlineData("POST", "/containers/create")]
    [InlineData("POST", "/containers/prune")]
    [InlineData("GET", "/containers/x/json", "/containers/{id}/json")]
    [InlineData("GET", "/containers/x/top", "/containers/{id}/top")]
    [InlineData("GET", "/containers/x/logs", "/containers/{id}/logs")]
    [InlineData("GET", "/containers/x/changes", "/containers/{id}/changes")]
    [InlineData("GET", "/containers/x/export", "/containers/{id}/export")]
    [InlineData("GET", "/containers/x/stats", "/containers/{id}/stats")]
    [InlineData("GET", "/containers/x/attach/ws", "/containers/{id}/attach/ws")]
    [InlineData("GET", "/containers/x/archive", "/containers/{id}/archive")]
    [InlineData("HEAD", "/containers/x/archive", "/containers/{id}/archive")]
    [InlineData("PUT", "/containers/x/archive", "/containers/{id}/archive")]
    [InlineData("POST", "/containers/x/start", "/containers/{id}/start")]
    [InlineData("POST", "/containers/x/stop", "/containers/{id}/stop")]
    [InlineData("POST", "/containers/x/restart", "/containers/{id}/restart")]
    [InlineData("POST", "/containers/x/kill", "/containers/{id}/kill")]
    [InlineData("POST", "/containers/x/pause", "/containers/{id}/pause")]
    [InlineData("POST", "/containers/x/unpause", "/containers/{id}/unpause")]
    [InlineData("POST", "/containers/x/rename", "/containers/{id}/rename")]
    [InlineData("POST", "/containers/x/update", "/containers/{id}/update")]
    [InlineData("POST", "/containers/x/resize", "/containers/{id}/resize")]
    [InlineData("POST", "/containers/x/attach", "/containers/{id}/attach")]
    [InlineData("POST", "/containers/x/wait", "/containers/{id}/wait")]
    [InlineData("POST", "/containers/x/exec", "/containers/{id}/exec")]
    [InlineData("DELETE", "/containers/x", "/containers/{id}")]
    [InlineData("GET", "/exec/x/json", "/exec/{id}/json")]
    [InlineData("POST", "/exec/x/start", "/exec/{id}/start")]
    [InlineData("POST", "/exec/x/resize", "/exec/{id}/resize")]
    [InlineData("GET", "/volumes")]
    [InlineData("GET", "/volumes/x", "/volumes/{name}")]
    [InlineData("POST", "/volumes/create")]
    [InlineData("POST", "/volumes/prune")]
    [InlineData("DELETE", "/volumes/x", "/volumes/{name}")]
    [InlineData("PUT", "/volumes/x", "/volumes/{name}")]
    [InlineData("GET", "/networks")]
    [InlineData("GET", "/networks/x", "/networks/{id}")]
    [InlineData("POST", "/networks/create")]
    [InlineData("POST", "/networks/prune")]
    [InlineData("POST", "/networks/x/connect", "/networks/{id}/connect")]
    [InlineData("POST", "/networks/x/disconnect", "/networks/{id}/disconnect")]
    [InlineData("DELETE", "/networks/x", "/networks/{id}")]
    [InlineData("GET", "/plugins")]
    [InlineData("GET", "/plugins/privileges")]
    [InlineData("GET", "/plugins/a/b:1/json", "/plugins/{name...}/json")]
    [InlineData("POST", "/plugins/pull")]
    [InlineData("POST", "/plugins/a/b/enable", "/plugins/{name...}/enable")]
    [InlineData("DELETE", "/plugins/a/b", "/plugins/{name...}")]
    [InlineData("GET", "/swarm")]
    [InlineData("POST", "/swarm/init", "/swarm/{rest...}")]
    [InlineData("GET", "/nodes")]
    [InlineData("GET", "/services/x/logs", "/services/{rest...}")]
    [InlineData("POST", "/secrets/create", "/secrets/{rest...}")]
    [InlineData("GET", "/distribution/a/b/json", "/distribution/{name...}/json")]
    [InlineData("POST", "/build")]
    [InlineData("POST", "/build/prune")]
    public void Each_call_has_its_route(string method, string path, string? template = null)
    {
        Assert.Equal(template ?? path, s_router.Find(method, path)?.Route.Template.Text);
        Assert.Equal(template ?? path, s_router.Find(method, "/v1.51" + path)?.Route.Template.Text);
    }
}
