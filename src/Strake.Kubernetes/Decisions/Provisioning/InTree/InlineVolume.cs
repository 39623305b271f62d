using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Provisioning.InTree;

/// <summary>A pod's in-tree volume as its driver knows it.</summary>
/// <param name="Name">A name that no other storage has: part of the path where it is staged.</param>
/// <param name="Source">Its storage.</param>
/// <param name="AccessModes">Who may use it at once.</param>
public sealed record InlineVolume(string Name, CsiSource Source, AccessModes AccessModes);
