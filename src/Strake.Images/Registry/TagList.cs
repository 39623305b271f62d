using System.Text.Json;

namespace Strake.Images;

/// <summary>Reads a page of a repository's tags: <c>{"name":"a/b","tags":["1","2"]}</c>. Pure.</summary>
static class TagList
{
    /// <summary>The tags; what is none is passed over.</summary>
    /// <param name="body">The page.</param>
    /// <returns>Null: it is no such page.</returns>
    public static IReadOnlyList<string>? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8 });
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("tags", out var tags)) return null;
            // A repository whose last tag was removed.
            if (tags.ValueKind == JsonValueKind.Null) return [];
            if (tags.ValueKind != JsonValueKind.Array) return null;
            return [.. tags.EnumerateArray().Where(static t => t.ValueKind == JsonValueKind.String).Select(static t => t.GetString()!).Where(static t => ReferenceGrammar.IsTag(t))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
