using Strake.Daemon.Server;

namespace Strake.Daemon.DockerApi;

/// <summary>
/// What Docker has and Strake has not, by name: a client is told what is missing in place of <c>page not found</c>, and what scripts ask
/// for on every Docker (the state of the swarm) has the answer that they expect.
/// </summary>
static class RefusedRoutes
{
    const string NoManager =
        "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again.";

    /// <summary>The routes.</summary>
    public static IEnumerable<Route> All =>
    [
        .. Swarm(),
        Refuse("GET", "/images/search", "searching a registry is not supported yet"),
        Refuse("POST", "/containers/{id}/checkpoints", "checkpoints are not supported"),
        Refuse("GET", "/containers/{id}/checkpoints", "checkpoints are not supported"),
        Refuse("POST", "/containers/{id}/copy", "this call is gone since API 1.24: use the archive calls"),
        Refuse("PUT", "/volumes/{name}", "cluster volumes are not supported"),
    ];

    static IEnumerable<Route> Swarm()
    {
        foreach (string objects in (string[])["nodes", "services", "tasks", "secrets", "configs"])
        {
            yield return Unavailable("GET", "/" + objects);
            yield return Unavailable("GET", $"/{objects}/{{rest...}}");
            yield return Unavailable("POST", $"/{objects}/{{rest...}}");
            yield return Unavailable("DELETE", $"/{objects}/{{rest...}}");
        }

        yield return Unavailable("GET", "/swarm");
        yield return Unavailable("GET", "/swarm/unlockkey");
        yield return Refuse("POST", "/swarm/{rest...}", "swarm mode is not supported: this engine works on one machine");
    }

    static Route Unavailable(string method, string template) =>
        new(method, template, _ => throw StrakeException.Unavailable(NoManager)) { TakesAnyQuery = true };

    static Route Refuse(string method, string template, string reason) =>
        new(method, template, _ => throw StrakeException.NotSupported(reason)) { TakesAnyQuery = true };
}
