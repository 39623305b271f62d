using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Api;

/// <summary>Says what is wrong with an object's metadata.</summary>
static class MetadataCheck
{
    const int AnnotationBytes = 256 * 1024;

    /// <summary>Checks the metadata of a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="kind">Its kind, which says what names look like.</param>
    /// <param name="faults">Where faults are said.</param>
    public static void Check(JsonObject document, ResourceKind kind, FaultList faults)
    {
        var metadata = new Metadata(document);
        CheckName(metadata, kind, faults);
        CheckMap(metadata, "labels", faults, static value => ObjectNames.CheckLabelValue(value));
        CheckMap(metadata, "annotations", faults, static _ => null);
        long bytes = (metadata.Json["annotations"] as JsonObject)?.Sum(static one => one.Key.Length + (one.Value?.GetValue<string>().Length ?? 0)) ?? 0;
        faults.AddIf(bytes > AnnotationBytes, () => new Fault("metadata.annotations", "FieldValueTooLong", $"Too long: may not be more than {AnnotationBytes} bytes"));
        foreach (string finalizer in metadata.Finalizers)
            if (ObjectNames.CheckKey(finalizer) is { } wrong) faults.Add(Fault.InvalidText("metadata.finalizers", finalizer, wrong));
    }

    static void CheckName(Metadata metadata, ResourceKind kind, FaultList faults)
    {
        if (metadata.Name.Length == 0)
        {
            if (metadata.GenerateName.Length == 0) faults.Add(Fault.Required("metadata.name", "name or generateName is required"));
            // The five characters that are added make a name of a prefix that ends in a dash.
            else if (kind.CheckName(metadata.GenerateName.TrimEnd('-', '.') + "x") is { } bad) faults.Add(Fault.InvalidText("metadata.generateName", metadata.GenerateName, bad));
        }
        else if (kind.CheckName(metadata.Name) is { } wrong)
        {
            faults.Add(Fault.InvalidText("metadata.name", metadata.Name, wrong));
        }
    }

    static void CheckMap(Metadata metadata, string member, FaultList faults, Func<string, string?> checkValue)
    {
        if (metadata.Json[member] is not JsonObject map) return;
        foreach ((string key, JsonNode? value) in map)
        {
            if (ObjectNames.CheckKey(key) is { } wrong) faults.Add(Fault.InvalidText($"metadata.{member}", key, wrong));
            if (checkValue(value?.GetValue<string>() ?? "") is { } bad) faults.Add(Fault.InvalidText($"metadata.{member}", value!.GetValue<string>(), bad));
        }
    }
}
