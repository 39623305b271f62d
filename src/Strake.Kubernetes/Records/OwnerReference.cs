using System.Text.Json;
using System.Text.Json.Nodes;

namespace Strake.Kubernetes.Records;

/// <summary>An object that another belongs to.</summary>
/// <param name="ApiVersion">The owner's group and version.</param>
/// <param name="Kind">The owner's kind.</param>
/// <param name="Name">The owner's name.</param>
/// <param name="Uid">The owner's identity.</param>
/// <param name="IsController">Whether the owner manages the object.</param>
public sealed record OwnerReference(string ApiVersion, string Kind, string Name, string Uid, bool IsController)
{
    /// <summary>The owner that manages an object, as its document has it: deleted in the foreground, it waits for the object.</summary>
    /// <param name="apiVersion">The owner's group and version.</param>
    /// <param name="kind">The owner's kind.</param>
    /// <param name="owner">The owner.</param>
    public static JsonObject ControllerOf(string apiVersion, string kind, Metadata owner) => new()
    {
        ["apiVersion"] = apiVersion, ["kind"] = kind, ["name"] = owner.Name, ["uid"] = owner.Uid, ["controller"] = true, ["blockOwnerDeletion"] = true,
    };

    /// <summary>The reference as documents have it.</summary>
    public JsonObject ToJson() => new JsonObject { ["apiVersion"] = ApiVersion, ["kind"] = Kind, ["name"] = Name, ["uid"] = Uid }.WithFlag("controller", IsController);

    /// <summary>Reads one from a document.</summary>
    /// <param name="element">An item of metadata.ownerReferences.</param>
    public static OwnerReference Read(JsonElement element) =>
        new(element.Text("apiVersion"), element.Text("kind"), element.Text("name"), element.Text("uid"), element.Flag("controller"));
}
