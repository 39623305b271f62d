using Strake.Images.Tar;

namespace Strake.Layers.Archive.Paths;

/// <summary>
/// Where an entry goes: its name cleaned by its text alone, relative to the root, with a NUL at its end as the kernel takes it. A leading
/// slash means the root, as in Docker; a <c>..</c> that leads above the root is refused.
/// </summary>
sealed class EntryPath
{
    readonly int _nameAt;

    EntryPath(byte[] terminated)
    {
        Terminated = terminated;
        _nameAt = terminated.AsSpan().LastIndexOf((byte)'/') + 1;
    }

    /// <summary>The path and its NUL; a lone NUL for the root.</summary>
    public byte[] Terminated { get; }

    /// <summary>The path without its NUL; empty for the root.</summary>
    public ReadOnlySpan<byte> Bytes => Terminated.AsSpan(0, Terminated.Length - 1);

    public ReadOnlyMemory<byte> Memory => Terminated.AsMemory(0, Terminated.Length - 1);

    public bool IsRoot => Terminated.Length == 1;

    /// <summary>The directory that holds it; empty for one below the root.</summary>
    public ReadOnlySpan<byte> Parent => Terminated.AsSpan(0, Math.Max(0, _nameAt - 1));

    /// <summary>The last name and its NUL.</summary>
    public ReadOnlySpan<byte> NameTerminated => Terminated.AsSpan(_nameAt);

    /// <summary>The last name.</summary>
    public ReadOnlySpan<byte> Name => NameTerminated[..^1];

    /// <summary>The path as text for messages.</summary>
    public string Display => TarName.Display(Bytes);

    /// <summary>The path that a name of an archive means.</summary>
    /// <exception cref="StrakeException">Invalid: it leads above the root.</exception>
    public static EntryPath Clean(ReadOnlySpan<byte> name)
    {
        if (IsClean(name)) return new EntryPath([.. name, 0]);
        var parts = new List<Range>();
        foreach (var range in name.Split((byte)'/'))
        {
            var part = name[range];
            if (part.IsEmpty || part.SequenceEqual("."u8)) continue;
            if (!part.SequenceEqual(".."u8)) parts.Add(range);
            else if (parts.Count == 0) throw StrakeException.Invalid($"the name {TarName.Display(name)} leads out of the archive's root");
            else parts.RemoveAt(parts.Count - 1);
        }
        var path = new List<byte>(name.Length + 1);
        foreach (var range in parts)
        {
            if (path.Count > 0) path.Add((byte)'/');
            path.AddRange(name[range]);
        }
        return new EntryPath([.. path, 0]);
    }

    /// <summary>The path of a name in a directory.</summary>
    public static EntryPath Join(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> name) =>
        directory.IsEmpty ? new EntryPath([.. name, 0]) : new EntryPath([.. directory, (byte)'/', .. name, 0]);

    /// <summary>A path that is clean already.</summary>
    public static EntryPath Of(ReadOnlySpan<byte> clean) => new([.. clean, 0]);

    // No empty part, no "." and no "..": all of them have a slash or an end next to a dot or a slash.
    static bool IsClean(ReadOnlySpan<byte> name) =>
        !name.IsEmpty && name[0] is not ((byte)'/' or (byte)'.') && name[^1] != '/' && name.IndexOf("//"u8) < 0 && name.IndexOf("/."u8) < 0;
}
