using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Schemas;

namespace Strake.Kubernetes.Api;

/// <summary>
/// Publishes the kinds as OpenAPI, in version 3 a document a group version. kubectl explains kinds from it, and reads from the PATCH operation's
/// parameters that the server validates fields and knows dry runs.
/// </summary>
/// <remarks>Made anew at each call, for clients ask once and remember by the hash; only the hash is kept.</remarks>
/// <param name="kinds">The kinds.</param>
public sealed class OpenApi(KindCatalog kinds)
{
    readonly ConcurrentDictionary<GroupVersion, string> hashes = new();

    /// <summary>Writes <c>/openapi/v3</c>: where the documents are.</summary>
    public void WriteIndex(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("paths");
        foreach (GroupVersion version in kinds.GroupVersions)
        {
            writer.WriteStartObject(PathOf(version)[1..]);
            writer.WriteString("serverRelativeURL", $"/openapi/v3{PathOf(version)}?hash={HashOf(version)}");
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The hash of a document: what it is remembered by.</summary>
    public string HashOf(GroupVersion version) =>
        hashes.GetOrAdd(version, one => Convert.ToHexString(SHA512.HashData(JsonBytes.Write(writer => WriteGroup(writer, one)))));

    /// <summary>Whether there is a document for a group version.</summary>
    public bool Has(GroupVersion version) => kinds.GroupVersions.Contains(version);

    /// <summary>Writes <c>/openapi/v3/apis/&lt;group&gt;/&lt;version&gt;</c> or <c>/openapi/v3/api/v1</c>.</summary>
    public void WriteGroup(Utf8JsonWriter writer, GroupVersion version) => Write(writer, [.. kinds.All.Where(kind => kind.GroupVersion == version)], isThird: true);

    /// <summary>Writes <c>/openapi/v2</c>: all kinds in one document.</summary>
    public void WriteSecond(Utf8JsonWriter writer) => Write(writer, kinds.All, isThird: false);

    static void Write(Utf8JsonWriter writer, IReadOnlyList<ResourceKind> kinds, bool isThird)
    {
        writer.WriteStartObject();
        writer.WriteString(isThird ? "openapi" : "swagger", isThird ? "3.0.0" : "2.0");
        writer.WriteStartObject("info");
        writer.WriteString("title", "Kubernetes");
        writer.WriteString("version", ServedVersion.Text);
        writer.WriteEndObject();
        writer.WriteStartObject("paths");
        foreach (ResourceKind kind in kinds) OpenApiPaths.Write(writer, kind, isThird);
        writer.WriteEndObject();
        if (isThird) writer.WriteStartObject("components");
        writer.WriteStartObject(isThird ? "schemas" : "definitions");
        new OpenApiSchemas(writer, isThird ? "#/components/schemas/" : "#/definitions/").WriteAll(kinds);
        writer.WriteEndObject();
        if (isThird) writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The path under which a group version is served.</summary>
    internal static string PathOf(GroupVersion version) => version.Group.Length == 0 ? $"/api/{version.Version}" : $"/apis/{version}";
}
