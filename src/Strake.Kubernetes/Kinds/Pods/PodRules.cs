using System.Globalization;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>What pods, and templates of pods, must keep to; and what is added where they say nothing.</summary>
/// <remarks>Rules: <c>pkg/apis/core/validation</c>, <c>ValidatePodSpec</c> and the update; <c>pkg/apis/core/v1/defaults.go</c>.</remarks>
static class PodRules
{
    const string UpdateRule =
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
        + "`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    /// <summary>Completes a pod.</summary>
    public static void Complete(JsonObject document)
    {
        if (document["spec"] is JsonObject spec) CompleteSpec(spec);
        if (document["status"] is not JsonObject status) document["status"] = status = [];
        status["phase"] ??= "Pending";
        status["qosClass"] ??= PodQuality.Of(document["spec"]);
    }

    /// <summary>Completes the specification of a pod or a template.</summary>
    public static void CompleteSpec(JsonObject spec)
    {
        spec["serviceAccountName"] ??= "default";
        spec["serviceAccount"] ??= spec["serviceAccountName"]!.DeepClone();
        foreach (JsonObject container in spec.ItemsAt("containers").Concat(spec.ItemsAt("initContainers")).OfType<JsonObject>())
        {
            container["imagePullPolicy"] ??= PullPolicyOf(container.TextAt("image") ?? "");
            container["resources"] ??= new JsonObject();
            foreach ((string name, JsonNode? limit) in container.ObjectAt("resources", "limits") ?? [])
            {
                if (container["resources"]!["requests"] is not JsonObject requests) container["resources"]!["requests"] = requests = [];
                requests[name] ??= limit?.DeepClone();
            }
        }

        foreach (JsonObject volume in spec.ItemsAt("volumes").OfType<JsonObject>())
            if (volume.Count == 1) volume["emptyDir"] = new JsonObject();
    }

    /// <summary>Says what is wrong with a pod.</summary>
    public static void Validate(JsonObject document, JsonObject? old, FaultList faults)
    {
        ValidateSpec(document["spec"], "spec", faults);
        if (old is not null && !JsonNode.DeepEquals(Fixed(document["spec"]), Fixed(old["spec"]))) faults.Add(Fault.Forbidden("spec", UpdateRule));
    }

    /// <summary>Says what is wrong with the specification of a pod or a template.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="faults">Where it is said.</param>
    public static void ValidateSpec(JsonNode? spec, string path, FaultList faults)
    {
        var volumes = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        int index = 0;
        foreach (JsonObject volume in spec.ItemsAt("volumes").OfType<JsonObject>())
        {
            string at = string.Create(CultureInfo.InvariantCulture, $"{path}.volumes[{index++}]");
            string name = volume.TextAt("name") ?? "";
            if (name.Length > 0 && ObjectNames.CheckLabel(name) is { } wrong) faults.Add(Fault.InvalidText($"{at}.name", name, wrong));
            if (volume.Count > 2) faults.Add(Fault.Forbidden($"{at}.{volume.Last().Key}", "may not specify more than 1 volume type"));
            HostPathTypes.Check(volume.TextAt("hostPath", "type"), $"{at}.hostPath.type", faults);
            volumes.TryAdd(name, volume);
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (string list in (string[])["initContainers", "containers"])
        {
            index = 0;
            foreach (JsonObject container in spec.ItemsAt(list).OfType<JsonObject>())
                ValidateContainer(container, string.Create(CultureInfo.InvariantCulture, $"{path}.{list}[{index++}]"), volumes, names, faults);
        }
    }

    static void ValidateContainer(JsonObject container, string at, Dictionary<string, JsonObject> volumes, HashSet<string> names, FaultList faults)
    {
        string name = container.TextAt("name") ?? "";
        if (name.Length > 0 && ObjectNames.CheckLabel(name) is { } wrong) faults.Add(Fault.InvalidText($"{at}.name", name, wrong));
        if (name.Length > 0 && !names.Add(name)) faults.Add(Fault.Duplicate($"{at}.name", $"\"{name}\""));
        if (string.IsNullOrEmpty(container.TextAt("image"))) faults.Add(Fault.Required($"{at}.image"));
        ValidateMounts(container, at, volumes, faults);
        ValidateDevices(container, at, volumes, faults);
    }

    static void ValidateMounts(JsonObject container, string at, Dictionary<string, JsonObject> volumes, FaultList faults)
    {
        bool isPrivileged = container.FlagAt("securityContext", "privileged") is true;
        var paths = new HashSet<string>(StringComparer.Ordinal);
        int index = 0;
        foreach (JsonNode? mount in container.ItemsAt("volumeMounts"))
        {
            string mountAt = string.Create(CultureInfo.InvariantCulture, $"{at}.volumeMounts[{index++}]");
            if (mount.TextAt("name") is { Length: > 0 } name && !volumes.ContainsKey(name)) faults.Add(Fault.NotFound($"{mountAt}.name", name));
            if (mount.TextAt("mountPath") is { Length: > 0 } path && !paths.Add(path)) faults.Add(Fault.InvalidText($"{mountAt}.mountPath", path, "must be unique"));
            if (mount.TextAt("subPath") is { Length: > 0 } && mount.TextAt("subPathExpr") is { Length: > 0 } expression)
                faults.Add(Fault.InvalidText($"{mountAt}.subPathExpr", expression, "subPathExpr and subPath are mutually exclusive"));
            foreach (string field in (string[])["subPath", "subPathExpr"])
                if (mount.TextAt(field) is { } inside && (inside.StartsWith('/') || inside.Split('/').Contains(".."))) faults.Add(Fault.InvalidText($"{mountAt}.{field}", inside, inside.StartsWith('/') ? "must be a relative path" : "must not contain '..'"));
            if (mount.TextAt("mountPropagation") == "Bidirectional" && !isPrivileged)
                faults.Add(Fault.Forbidden($"{mountAt}.mountPropagation", "Bidirectional mount propagation is available only to privileged containers"));
        }
    }

    static void ValidateDevices(JsonObject container, string at, Dictionary<string, JsonObject> volumes, FaultList faults)
    {
        int index = 0;
        foreach (JsonNode? device in container.ItemsAt("volumeDevices"))
        {
            string deviceAt = string.Create(CultureInfo.InvariantCulture, $"{at}.volumeDevices[{index++}]");
            if (device.TextAt("name") is not { Length: > 0 } name) continue;
            if (!volumes.TryGetValue(name, out JsonObject? volume)) faults.Add(Fault.NotFound($"{deviceAt}.name", name));
            else if (volume["persistentVolumeClaim"] is null && volume["ephemeral"] is null)
                faults.Add(Fault.InvalidText($"{deviceAt}.name", name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"));
        }
    }

    static string PullPolicyOf(string image)
    {
        string last = image[(image.LastIndexOf('/') + 1)..];
        bool isLatest = !last.Contains('@', StringComparison.Ordinal) && (!last.Contains(':', StringComparison.Ordinal) || last.EndsWith(":latest", StringComparison.Ordinal));
        return isLatest ? "Always" : "IfNotPresent";
    }

    // What of a specification may not change.
    static JsonObject Fixed(JsonNode? spec)
    {
        var rest = (JsonObject)(spec as JsonObject ?? []).DeepClone();
        foreach (string name in (string[])["activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "nodeName", "schedulingGates"]) rest.Remove(name);
        foreach (JsonObject container in rest.ItemsAt("containers").Concat(rest.ItemsAt("initContainers")).OfType<JsonObject>()) container.Remove("image");
        return rest;
    }
}
