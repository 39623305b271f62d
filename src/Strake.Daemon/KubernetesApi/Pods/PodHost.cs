using Strake.Containers;
using Strake.Daemon.Composition;
using Strake.Daemon.DockerApi;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Controllers.Nodes;
using Strake.Kubernetes.Pods;
using Strake.Kubernetes.Storage;

namespace Strake.Daemon.KubernetesApi.Pods;

/// <summary>What of the daemon pods are run with.</summary>
/// <param name="engine">The engine.</param>
/// <param name="journal">What happens to containers.</param>
/// <param name="dataRoot">Under which pods have their files.</param>
sealed class PodHost(Engine engine, EventJournal journal, string dataRoot)
{
    readonly NodeReader node = new(dataRoot, engine.Csi);

    /// <summary>The containers.</summary>
    public ContainerEngine Containers => engine.Containers;

    /// <summary>The engine, with all its parts.</summary>
    public Engine Engine => engine;

    /// <summary>Reads what the machine is.</summary>
    public NodeFacts Node() => node.Read();

    /// <summary>What an agent of this machine works with.</summary>
    /// <param name="store">The objects.</param>
    /// <param name="storage">How pods get the volumes of claims, and those of their own.</param>
    /// <param name="events">Who tells users.</param>
    /// <param name="tokens">Who makes the pods' tokens.</param>
    /// <param name="server">Where pods reach the API server.</param>
    /// <param name="time">The clock.</param>
    public PodAgentOptions AgentOf(IObjectStore store, ClaimStorage storage, IEventRecorder events, ITokenIssuer tokens, ServerPlace server, TimeProvider time) => new()
    {
        Store = store,
        Runtime = new EnginePodRuntime(engine.Containers, engine.Images, journal),
        Claims = storage.Mounts,
        Inline = storage.Inline,
        Events = events,
        Tokens = tokens,
        Server = server,
        Folders = new PodFolders(Path.Combine(dataRoot, "kube", "pods")),
        Node = Node,
        Time = time,
    };
}
