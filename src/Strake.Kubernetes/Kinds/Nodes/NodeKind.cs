using System.Text.Json;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Machines that run pods.</summary>
public static class NodeKind
{
    const string RolePrefix = "node-role.kubernetes.io/";

    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "", Kind = "Node", Plural = "nodes", ShortNames = ["no"],
        HasStatus = true,
        Describe = static () => NodeSchema.Node,
        SelectableFields = ["spec.unschedulable"],
        Columns =
        [
            Columns.Name,
            Columns.Text("Status", "Ready or not.", StatusOf),
            Columns.Text("Roles", "The node's roles.", RolesOf),
            Columns.Age,
            Columns.Path("Version", "The version of the node's agent.", "status", "nodeInfo", "kubeletVersion"),
            Columns.Text("Internal-IP", "The address inside.", static item => AddressOf(item, "InternalIP")).Wide(),
            Columns.Text("External-IP", "The address outside.", static item => AddressOf(item, "ExternalIP")).Wide(),
            Columns.Text("OS-Image", "The operating system.", static item => item.TextAt("status", "nodeInfo", "osImage") ?? "<unknown>").Wide(),
            Columns.Text("Kernel-Version", "The kernel.", static item => item.TextAt("status", "nodeInfo", "kernelVersion") ?? "<unknown>").Wide(),
            Columns.Text("Container-Runtime", "The container runtime.", static item => item.TextAt("status", "nodeInfo", "containerRuntimeVersion") ?? "<unknown>").Wide(),
        ],
    };

    static string StatusOf(JsonElement item)
    {
        string ready = item.ItemsAt("status", "conditions").FirstOrDefault(static condition => condition.TextAt("type") == "Ready") switch
        {
            { ValueKind: JsonValueKind.Object } condition => condition.TextAt("status") == "True" ? "Ready" : "NotReady",
            _ => "Unknown",
        };
        return item.FlagAt("spec", "unschedulable") is true ? ready + ",SchedulingDisabled" : ready;
    }

    static string RolesOf(JsonElement item)
    {
        string roles = string.Join(',', item.MembersAt("metadata", "labels").Where(static label => label.Name.StartsWith(RolePrefix, StringComparison.Ordinal))
            .Select(static label => label.Name[RolePrefix.Length..]).Order(StringComparer.Ordinal));
        return roles.Length == 0 ? "<none>" : roles;
    }

    static string AddressOf(JsonElement item, string type) =>
        item.ItemsAt("status", "addresses").Where(address => address.TextAt("type") == type).Select(static address => address.TextAt("address")).FirstOrDefault() ?? "<none>";
}
