using System.Globalization;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Controllers.Binding;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Controllers.Nodes;

/// <summary>What the node says of itself, as documents. Pure. What others wrote (labels, taints, cordons) stays.</summary>
static class NodeDocuments
{
    /// <summary>The driver that is always there.</summary>
    public const string OwnDriver = "strake.csi";

    /// <summary>The Node.</summary>
    /// <param name="before">As it is; null when there is none.</param>
    /// <param name="facts">What the machine is.</param>
    /// <param name="now">When it was looked at.</param>
    public static JsonObject Node(JsonObject? before, NodeFacts facts, DateTimeOffset now)
    {
        JsonObject node = Begin(before, "v1", "Node", facts.Name);
        JsonObject labels = node.Child("metadata").Child("labels");
        foreach ((string name, string value) in LabelsOf(facts)) labels[name] = value;
        node.Child("spec");
        JsonObject status = node.Child("status");
        status["capacity"] = AmountsOf(facts);
        status["allocatable"] = AmountsOf(facts);
        status["conditions"] = new JsonArray([.. Conditions.Select(condition => (JsonNode)ConditionOf(status, condition, now))]);
        status["addresses"] = AddressesOf(facts);
        status["nodeInfo"] = InfoOf(facts);
        return node;
    }

    /// <summary>The CSINode: which drivers the node has.</summary>
    public static JsonObject CsiNode(JsonObject? before, NodeFacts facts)
    {
        JsonObject node = Begin(before, "storage.k8s.io/v1", "CSINode", facts.Name);
        node.Child("spec")["drivers"] = new JsonArray(
        [
            .. facts.CsiDrivers.Select(static driver => (JsonNode)new JsonObject { ["name"] = driver.Key, ["nodeID"] = driver.Value, ["topologyKeys"] = null }),
        ]);
        return node;
    }

    /// <summary>The CSIDriver of our own driver: nothing is attached, and the group of files is set by the agent.</summary>
    public static JsonObject CsiDriver()
    {
        JsonObject driver = Begin(null, "storage.k8s.io/v1", "CSIDriver", OwnDriver);
        driver["spec"] = new JsonObject
        {
            ["attachRequired"] = false,
            ["podInfoOnMount"] = false,
            ["fsGroupPolicy"] = "File",
            ["volumeLifecycleModes"] = new JsonArray("Persistent", "Ephemeral"),
        };
        return driver;
    }

    static JsonObject Begin(JsonObject? before, string version, string kind, string name)
    {
        if (before is not null) return (JsonObject)before.DeepClone();
        return new JsonObject { ["apiVersion"] = version, ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name } };
    }

    static IEnumerable<(string Name, string Value)> LabelsOf(NodeFacts facts) =>
    [
        ("kubernetes.io/hostname", facts.Name),
        ("kubernetes.io/os", "linux"),
        ("kubernetes.io/arch", facts.Architecture),
        ("node-role.kubernetes.io/control-plane", ""),
    ];

    static JsonObject AmountsOf(NodeFacts facts) => new()
    {
        ["cpu"] = facts.Processors.ToString(CultureInfo.InvariantCulture),
        ["memory"] = string.Create(CultureInfo.InvariantCulture, $"{facts.MemoryBytes / 1024}Ki"),
        ["ephemeral-storage"] = string.Create(CultureInfo.InvariantCulture, $"{facts.StorageBytes / 1024}Ki"),
        ["pods"] = facts.MaxPods.ToString(CultureInfo.InvariantCulture),
    };

    static readonly (string Type, string Status, string Reason, string Message)[] Conditions =
    [
        ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
    ];

    static JsonObject ConditionOf(JsonObject status, (string Type, string Status, string Reason, string Message) condition, DateTimeOffset now)
    {
        JsonNode? known = status.ItemsAt("conditions").FirstOrDefault(item => item.TextAt("type") == condition.Type);
        string changed = known.TextAt("status") == condition.Status && known.TextAt("lastTransitionTime") is { } since ? since : ApiTime.Text(now);
        return new JsonObject
        {
            ["type"] = condition.Type,
            ["status"] = condition.Status,
            ["lastHeartbeatTime"] = ApiTime.Text(now),
            ["lastTransitionTime"] = changed,
            ["reason"] = condition.Reason,
            ["message"] = condition.Message,
        };
    }

    static JsonArray AddressesOf(NodeFacts facts)
    {
        var hostname = new JsonObject { ["type"] = "Hostname", ["address"] = facts.Name };
        return facts.Address.Length > 0 ? new JsonArray(new JsonObject { ["type"] = "InternalIP", ["address"] = facts.Address }, hostname) : new JsonArray(hostname);
    }

    static JsonObject InfoOf(NodeFacts facts) => new()
    {
        ["machineID"] = facts.MachineId,
        ["systemUUID"] = facts.MachineId,
        ["bootID"] = facts.BootId,
        ["kernelVersion"] = facts.Kernel,
        ["osImage"] = facts.OperatingSystem,
        ["containerRuntimeVersion"] = $"strake://{facts.Version}",
        ["kubeletVersion"] = $"v{facts.Version}",
        ["kubeProxyVersion"] = "",
        ["operatingSystem"] = "linux",
        ["architecture"] = facts.Architecture,
    };
}
