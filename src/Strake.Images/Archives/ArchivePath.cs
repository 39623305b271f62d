using System.Text;

namespace Strake.Images;

/// <summary>
/// Names in an archive of images. They never become paths on disk: they are keys into what the archive held, in one spelling.
/// </summary>
static class ArchivePath
{
    const string Blobs = "blobs/sha256/";

    /// <summary>A name in its one spelling: no leading slash, no <c>.</c>, no empty part, <c>..</c> resolved.</summary>
    /// <param name="name">As the archive or a document in it has it.</param>
    /// <param name="key">The name; empty when it is none.</param>
    /// <returns>False for a name that leads out of the archive, or to the archive as a whole.</returns>
    public static bool TryNormalise(string name, out string key)
    {
        key = "";
        var parts = new List<string>();
        foreach (var part in name.Split('/'))
        {
            if (part is "" or ".") continue;
            if (part is not "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            else return false;
        }

        key = string.Join('/', parts);
        return key.Length > 0;
    }

    /// <summary>The name that a link text leads to, from the folder of the link's own name.</summary>
    public static bool TryFollow(string link, string text, out string key)
    {
        var folder = link.LastIndexOf('/') is var slash and >= 0 ? link[..slash] : "";
        return TryNormalise(text.StartsWith('/') ? text : $"{folder}/{text}", out key);
    }

    /// <summary>A name's bytes as text. Those that are not UTF-8 become U+FFFD: no document can ask for such a name.</summary>
    public static string Decode(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name);

    /// <summary>The name of a blob in an OCI layout.</summary>
    public static string OfBlob(Digest digest) => Blobs + digest.Hex;

    /// <summary>The digest that a name in an OCI layout stands for; null for any other name.</summary>
    public static Digest? BlobOf(string key) =>
        key.StartsWith(Blobs, StringComparison.Ordinal) && Digest.TryParse(Digest.Prefix + key[Blobs.Length..], out var digest) ? digest : null;
}
