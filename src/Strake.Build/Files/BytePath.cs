using System.Text;
using Strake.Images.Tar;

namespace Strake.Build;

/// <summary>
/// Paths as keys. Names in file systems are bytes and need not be UTF-8; here each byte is one character (Latin-1), so nothing is lost,
/// ordinal order is the order of bytes, and sets and dictionaries are those of strings. A clean path has no empty, <c>.</c> or <c>..</c>
/// parts and no slash at either end; the root is empty.
/// </summary>
static class BytePath
{
    /// <summary>The longest path that Linux takes, without its NUL.</summary>
    public const int MaxLength = 4095;

    /// <summary>A path of a file system, as it is.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>A path that somebody wrote, as it is.</summary>
    public static string OfText(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>The bytes of a path.</summary>
    public static byte[] Bytes(string path) => Encoding.Latin1.GetBytes(path);

    /// <summary>A path as somebody would write it; bytes that are no UTF-8 become U+FFFD.</summary>
    public static string Text(string path) => Encoding.UTF8.GetString(Bytes(path));

    /// <summary>A path for messages and logs.</summary>
    public static string Show(string path) => TarName.Display(Bytes(path));

    /// <summary>Takes away what leads nowhere: empty parts and <c>.</c>; <c>..</c> goes up, and at the root nowhere.</summary>
    public static string Clean(string path)
    {
        if (IsClean(path)) return path;
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part is "" or ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
        }

        return string.Join('/', parts);
    }

    /// <summary>The path of a name in a directory.</summary>
    public static string Join(string directory, string name) => directory.Length == 0 ? name : name.Length == 0 ? directory : $"{directory}/{name}";

    /// <summary>The directory that a path is in; empty for one in the root, and for the root.</summary>
    public static string Parent(string path) => path.LastIndexOf('/') is var slash and > 0 ? path[..slash] : "";

    /// <summary>The last name.</summary>
    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>The directories above a path, the highest first, without the root.</summary>
    public static IEnumerable<string> Above(string path)
    {
        for (var slash = path.IndexOf('/'); slash > 0; slash = path.IndexOf('/', slash + 1)) yield return path[..slash];
    }

    static bool IsClean(string path)
    {
        if (path.Length == 0) return true;
        if (path[0] == '/' || path[^1] == '/') return false;
        for (var start = 0; start <= path.Length;)
        {
            var slash = path.IndexOf('/', start);
            var end = slash < 0 ? path.Length : slash;
            if (path.AsSpan(start, end - start) is "" or "." or "..") return false;
            start = end + 1;
        }

        return true;
    }
}
