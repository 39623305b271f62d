using System.Text.Json.Nodes;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Api;

/// <summary>The fields that one writer has set in one way.</summary>
/// <param name="Manager">The writer.</param>
/// <param name="Operation">Apply or Update.</param>
/// <param name="ApiVersion">The version in which the fields are named.</param>
/// <param name="Subresource">The subresource through which it wrote; empty: none.</param>
/// <param name="Fields">The fields.</param>
/// <param name="Time">When they last changed, RFC 3339.</param>
sealed record ManagedFields(string Manager, string Operation, string ApiVersion, string Subresource, FieldSet Fields, string Time)
{
    /// <summary>Reads an entry of <c>metadata.managedFields</c>.</summary>
    public static ManagedFields Read(JsonObject json) => new(
        json.TextAt("manager") ?? "", json.TextAt("operation") ?? "", json.TextAt("apiVersion") ?? "", json.TextAt("subresource") ?? "",
        FieldSet.Read(json["fieldsV1"] as JsonObject), json.TextAt("time") ?? "");

    /// <summary>Whether both are entries of one writer, way and place.</summary>
    public bool IsSame(ManagedFields other) =>
        (Manager, Operation, ApiVersion, Subresource) == (other.Manager, other.Operation, other.ApiVersion, other.Subresource);

    /// <summary>As messages name the writer.</summary>
    public string Show()
    {
        string place = Subresource.Length == 0 ? "" : $" with subresource \"{Subresource}\"";
        return Operation == "Apply" ? $"\"{Manager}\"{place}" : $"\"{Manager}\"{place} using {ApiVersion}";
    }

    /// <summary>The entry as JSON.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["manager"] = Manager, ["operation"] = Operation, ["apiVersion"] = ApiVersion,
            ["time"] = Time, ["fieldsType"] = "FieldsV1", ["fieldsV1"] = Fields.ToJson(),
        };
        if (Subresource.Length > 0) json["subresource"] = Subresource;
        return json;
    }
}
