using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Checks lists of access modes, of claims and of volumes.</summary>
static class AccessModes
{
    const string OncePod = "ReadWriteOncePod";
    static readonly string[] s_known = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", OncePod];

    /// <summary>Says what is wrong with a list of modes.</summary>
    public static void Check(JsonNode? spec, FaultList faults)
    {
        string[] modes = [.. spec.ItemsAt("accessModes").Select(static mode => mode?.GetValue<string>() ?? "")];
        if (modes.Length == 0) faults.Add(Fault.Required("spec.accessModes", "at least 1 access mode is required"));
        foreach (string mode in modes.Where(static mode => !s_known.Contains(mode))) faults.Add(Fault.Unsupported("spec.accessModes", mode, s_known));
        if (modes.Contains(OncePod) && modes.Any(static mode => mode != OncePod))
            faults.Add(Fault.Forbidden("spec.accessModes", $"may not use {OncePod} with other access modes"));
    }
}
