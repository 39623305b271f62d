using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;

namespace Strake.Kubernetes.Objects;

/// <summary>An object as the store has it: bytes and a revision. Immutable, and as small as the bytes.</summary>
/// <param name="Kind">Its kind; the one under which it is stored.</param>
/// <param name="Name">Its name.</param>
/// <param name="Revision">Its version: the store's revision at its last write, or at its deletion.</param>
/// <param name="Json">
/// The document without <c>apiVersion</c>, <c>kind</c> and <c>resourceVersion</c>, which the kind and the revision say; metadata first, so
/// that they can be written in front without reading it (<see cref="ObjectJson"/>).
/// </param>
public sealed record StoredObject(ResourceKind Kind, ObjectName Name, long Revision, ReadOnlyMemory<byte> Json)
{
    /// <summary>The version as clients see it.</summary>
    public string ResourceVersion => Revision.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads the document, with its version, to look at it.</summary>
    /// <remarks>Costs a parse. The caller disposes what it gets.</remarks>
    public JsonDocument Parse() => JsonDocument.Parse(Json);

    /// <summary>Reads the document whole, with its type and version, to change it.</summary>
    /// <remarks>Costs a parse; a new document each time.</remarks>
    public JsonObject ToDocument() => ObjectJson.Read(this);

    /// <summary>The id.</summary>
    public string Uid => ObjectJson.MetadataText(Json.Span, "uid"u8) ?? "";
}
