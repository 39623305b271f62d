using Strake.Grpc;

namespace Strake.Daemon.Csi;

/// <summary>How <c>strake csi</c> serves.</summary>
/// <param name="DataRoot">Where the volumes and their records are.</param>
/// <param name="Endpoints">The sockets.</param>
/// <param name="NodeId">This machine's name among its orchestrator's.</param>
public sealed record CsiHostOptions(string DataRoot, IReadOnlyList<GrpcAddress> Endpoints, string NodeId)
{
    /// <summary>Whether volumes are made larger by the node's call alone, as a cluster of several nodes needs it.</summary>
    public bool ExpandsOnNode { get; init; }

    /// <summary>The variable in which orchestrators tell a driver its endpoint; spec.md, "CSI_ENDPOINT".</summary>
    public const string EndpointVariable = "CSI_ENDPOINT";

    /// <summary>The variable in which they tell it the node's name, as the manifests of Kubernetes do.</summary>
    public const string NodeVariable = "NODE_ID";

    /// <summary>Reads a command line.</summary>
    /// <param name="words">What stands behind <c>strake csi</c>.</param>
    /// <param name="variable">An environment variable's value.</param>
    /// <exception cref="StrakeException">Invalid: names the option.</exception>
    public static CsiHostOptions Parse(IReadOnlyList<string> words, Func<string, string?> variable)
    {
        string dataRoot = "/var/lib/strake-csi";
        string nodeId = variable(NodeVariable) is { Length: > 0 } node ? node : Environment.MachineName;
        List<GrpcAddress> endpoints = [];
        bool expandsOnNode = false;
        for (int at = 0; at < words.Count; at++)
        {
            string[] parts = words[at].Split('=', 2);
            string Value() => parts.Length == 2 ? parts[1]
                : ++at < words.Count ? words[at]
                : throw StrakeException.Invalid($"the option {parts[0]} needs a value");
            switch (parts[0])
            {
                case "--endpoint": endpoints.Add(CsiEndpoint.Parse("endpoint", Value())); break;
                case "--data-root": dataRoot = Value(); break;
                case "--node-id": nodeId = Value(); break;
                case "--expand-on-node" when parts.Length == 1: expandsOnNode = true; break;
                default: throw StrakeException.Invalid($"unknown option: {words[at]}");
            }
        }

        if (!Path.IsPathFullyQualified(dataRoot)) throw StrakeException.Invalid($"--data-root {dataRoot} is not an absolute path");
        if (endpoints.Count == 0 && variable(EndpointVariable) is { Length: > 0 } given) endpoints.Add(CsiEndpoint.Parse(EndpointVariable, given));
        return endpoints.Count > 0 ? new CsiHostOptions(dataRoot, endpoints, nodeId) { ExpandsOnNode = expandsOnNode }
            : throw StrakeException.Invalid($"no endpoint: give one with --endpoint unix:///path, or in {EndpointVariable}");
    }
}
