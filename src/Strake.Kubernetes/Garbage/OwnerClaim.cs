using System.Text.Json;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Garbage;

/// <summary>An object's word that it belongs to another.</summary>
/// <param name="Version">The owner's group and version.</param>
/// <param name="Kind">The owner's kind.</param>
/// <param name="Name">The owner's name.</param>
/// <param name="Uid">The owner's id.</param>
/// <param name="Blocks">Whether the owner, deleted in the foreground, waits for the object.</param>
sealed record OwnerClaim(GroupVersion Version, string Kind, string Name, string Uid, bool Blocks)
{
    /// <summary>Whom an object belongs to.</summary>
    public static OwnerClaim[] Of(StoredObject item)
    {
        // Most belong to nobody, and need not be read to know it.
        if (item.Json.Span.IndexOf("\"ownerReferences\""u8) < 0) return [];
        using JsonDocument document = item.Parse();
        return [.. document.RootElement.ItemsAt("metadata", "ownerReferences").Select(static one => new OwnerClaim(
            GroupVersion.Parse(one.TextAt("apiVersion") ?? ""), one.TextAt("kind") ?? "", one.TextAt("name") ?? "", one.TextAt("uid") ?? "", one.FlagAt("blockOwnerDeletion") is true))];
    }
}
