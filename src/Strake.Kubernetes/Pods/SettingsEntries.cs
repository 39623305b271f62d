using System.Text;
using System.Text.Json;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Pods;

/// <summary>The entries of a config map or a secret, as bytes.</summary>
static class SettingsEntries
{
    /// <summary>All entries, in the order of their names.</summary>
    /// <param name="document">The object.</param>
    /// <param name="resource">What it is.</param>
    public static IReadOnlyDictionary<string, byte[]> Of(JsonElement document, string resource)
    {
        var entries = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach ((string name, string text) in document.Map("data")) entries[name] = resource == ObjectId.Secrets ? Decode(text) : Encoding.UTF8.GetBytes(text);
        foreach ((string name, string text) in document.Map("binaryData")) entries[name] = Decode(text);
        return entries;
    }

    // The API refuses what is no base 64; an entry that came in otherwise is taken as it stands.
    static byte[] Decode(string text)
    {
        byte[] bytes = new byte[(text.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(text, bytes, out int length) ? bytes[..length] : Encoding.UTF8.GetBytes(text);
    }
}
