using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>
/// Pods under one name. The usual YAML of a stateful set brings one along, so it is kept, completed and checked; nothing forwards its ports, and nobody serves its name.
/// A service without an address of its own is headless (<c>clusterIP: None</c>), which is what it is here; the writer of one that asks for more is warned.
/// </summary>
/// <remarks>Rules: <c>pkg/apis/core/validation</c>, <c>ValidateService</c>; <c>pkg/apis/core/v1/defaults.go</c>.</remarks>
public static class ServiceKind
{
    const string None = "None";
    const string External = "ExternalName";

    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "", Kind = "Service", Plural = "services", ShortNames = ["svc"], Categories = ["all"],
        IsNamespaced = true, HasStatus = true,
        Describe = static () => ServiceSchema.Service,
        CheckName = ObjectNames.CheckLabel,
        SelectableFields = ["spec.clusterIP", "spec.type"],
        Complete = Complete,
        Validate = Validate,
        Warnings = Warnings,
        Columns =
        [
            Columns.Name,
            Columns.Path("Type", "Which kind of service it is.", "spec", "type"),
            Columns.Text("Cluster-IP", "Its address.", static item => item.TextAt("spec", "clusterIP") is { Length: > 0 } address ? address : "<none>"),
            Columns.Text("External-IP", "Addresses outside.", ExternalAddresses),
            Columns.Text("Port(s)", "Its ports.", Ports),
            Columns.Age,
            Columns.Text("Selector", "The labels of its pods.", SelectorOf).Wide(),
        ],
    };

    static void Complete(JsonObject document)
    {
        if (document.ObjectAt("spec") is not { } spec) return;
        foreach (JsonObject port in spec.ItemsAt("ports").OfType<JsonObject>()) port["targetPort"] ??= port["port"]?.DeepClone();
        if (spec.TextAt("type") == External) return;
        spec["clusterIP"] ??= None;
        spec["clusterIPs"] ??= new JsonArray(spec["clusterIP"]!.DeepClone());
        spec["ipFamilies"] ??= new JsonArray("IPv4");
        spec["ipFamilyPolicy"] ??= "SingleStack";
        spec["internalTrafficPolicy"] ??= "Cluster";
        if (document["status"] is not JsonObject status) document["status"] = status = [];
        status["loadBalancer"] ??= new JsonObject();
    }

    static void Validate(JsonObject document, JsonObject? old, FaultList faults)
    {
        string type = document.TextAt("spec", "type") ?? "";
        if (type == External && string.IsNullOrEmpty(document.TextAt("spec", "externalName"))) faults.Add(Fault.Required("spec.externalName"));
        JsonNode?[] ports = [.. document.ItemsAt("spec", "ports")];
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < ports.Length; i++)
        {
            string at = string.Create(CultureInfo.InvariantCulture, $"spec.ports[{i}]");
            string name = ports[i].TextAt("name") ?? "";
            if (name.Length == 0 && ports.Length > 1) faults.Add(Fault.Required($"{at}.name"));
            else if (name.Length > 0 && ObjectNames.CheckLabel(name) is { } wrong) faults.Add(Fault.InvalidText($"{at}.name", name, wrong));
            else if (name.Length > 0 && !names.Add(name)) faults.Add(Fault.Duplicate($"{at}.name", $"\"{name}\""));
            foreach (string field in (string[])["port", "targetPort", "nodePort"]) CheckPort(ports[i], field, at, faults);
        }
    }

    static void CheckPort(JsonNode? port, string field, string at, FaultList faults)
    {
        if (port.NumberAt(field) is { } number and (< 1 or > 65535) && !(number == 0 && field == "nodePort"))
            faults.Add(Fault.Invalid($"{at}.{field}", number.ToString(CultureInfo.InvariantCulture), "must be between 1 and 65535, inclusive"));
    }

    static IEnumerable<string> Warnings(JsonObject document)
    {
        string type = document.TextAt("spec", "type") ?? "";
        if (type is "NodePort" or "LoadBalancer") yield return $"spec.type: {type} is kept, and nothing forwards its ports here; a container's hostPort, or kubectl port-forward, leads to a pod";
        if (document.TextAt("spec", "clusterIP") is { Length: > 0 } address and not None) yield return $"spec.clusterIP: nobody answers at {address} here";
    }

    static string ExternalAddresses(JsonElement item)
    {
        if (item.TextAt("spec", "type") == External) return item.TextAt("spec", "externalName") ?? "<none>";
        string[] given = [.. item.ItemsAt("spec", "externalIPs").Select(static one => one.GetString() ?? "")];
        return given.Length > 0 ? string.Join(',', given) : item.TextAt("spec", "type") == "LoadBalancer" ? "<pending>" : "<none>";
    }

    static string Ports(JsonElement item)
    {
        string[] ports = [.. item.ItemsAt("spec", "ports").Select(static port => port.NumberAt("nodePort") is > 0 and var outside
            ? string.Create(CultureInfo.InvariantCulture, $"{port.NumberAt("port")}:{outside}/{port.TextAt("protocol")}")
            : string.Create(CultureInfo.InvariantCulture, $"{port.NumberAt("port")}/{port.TextAt("protocol")}"))];
        return ports.Length > 0 ? string.Join(',', ports) : "<none>";
    }

    static string SelectorOf(JsonElement item)
    {
        string[] labels = [.. item.MembersAt("spec", "selector").Select(static label => $"{label.Name}={label.Value.GetString()}").Order(StringComparer.Ordinal)];
        return labels.Length > 0 ? string.Join(',', labels) : "<none>";
    }
}
