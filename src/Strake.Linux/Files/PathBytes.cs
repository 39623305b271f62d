using System.Text;

namespace Strake.Linux;

/// <summary>
/// Path names as the kernel takes them: bytes ended by one NUL. Names inside layers are bytes and need not be UTF-8, so the calls take
/// spans; these turn a text into such a span and a name into text for a message.
/// </summary>
public static class PathBytes
{
    /// <summary>The UTF-8 bytes of a path, with the NUL at the end.</summary>
    /// <exception cref="ArgumentException">The path is empty or holds a NUL.</exception>
    public static byte[] Encode(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A path cannot hold a NUL.", nameof(path));

        var bytes = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, bytes);
        return bytes;
    }

    /// <summary>A copy of a name with a NUL at its end.</summary>
    /// <exception cref="ArgumentException">The name holds a NUL.</exception>
    public static byte[] Terminate(ReadOnlySpan<byte> name)
    {
        if (name.Contains((byte)0))
            throw new ArgumentException("A path cannot hold a NUL.", nameof(name));

        var bytes = new byte[name.Length + 1];
        name.CopyTo(bytes);
        return bytes;
    }

    /// <summary>A path as text, with or without its NUL; bytes that are not UTF-8 become U+FFFD, so it serves messages only.</summary>
    public static string Decode(ReadOnlySpan<byte> path) => Encoding.UTF8.GetString(path.TrimEnd((byte)0));

    // A NUL in the middle would make the kernel see another path than the caller checked.
    internal static void Require(ReadOnlySpan<byte> path)
    {
        if (path.IndexOf((byte)0) != path.Length - 1 || path.IsEmpty)
            throw new ArgumentException("A path ends with its only NUL.", nameof(path));
    }
}
