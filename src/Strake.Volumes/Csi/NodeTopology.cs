using Strake.Csi;
using Strake.Grpc;

namespace Strake.Volumes;

/// <summary>Where volumes are: on this machine, and nowhere else. Pure.</summary>
/// <param name="nodeId">This machine.</param>
sealed class NodeTopology(string nodeId)
{
    /// <summary>The key of the one segment.</summary>
    public const string Key = "topology.strake.csi/node";

    /// <summary>This machine's place.</summary>
    public Topology Here => new() { Segments = { [Key] = nodeId } };

    /// <summary>Whether a place is this machine's, as far as it says.</summary>
    public bool Covers(Topology place) => !place.Segments.TryGetValue(Key, out string? node) || node == nodeId;

    /// <summary>Whether a volume may be here.</summary>
    /// <exception cref="GrpcException">ResourceExhausted: it has to be elsewhere.</exception>
    public void Require(TopologyRequirement? requirement)
    {
        if (requirement is { Requisite.Count: > 0 } && !requirement.Requisite.Any(Covers))
            throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"accessibility_requirements: volumes can only be on {Key}={nodeId}, which is none of the places asked for");
    }
}
