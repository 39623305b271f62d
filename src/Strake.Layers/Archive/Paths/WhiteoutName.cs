using System.Runtime.InteropServices;
using Strake.Images.Tar;

namespace Strake.Layers.Archive.Paths;

/// <summary>
/// What a name of a layer's tar means (OCI image-spec, layer.md, "Whiteouts"): <c>.wh.x</c> hides x of the layers below, <c>.wh..wh..opq</c>
/// hides all that its directory has below. What aufs kept beside them in a layer's root (<c>.wh..wh.plnk</c>, <c>.wh..wh.aufs</c>,
/// <c>.wh..wh.orph</c>) is left out, as Docker does.
/// </summary>
[StructLayout(LayoutKind.Auto)]
readonly ref struct WhiteoutName
{
    WhiteoutName(WhiteoutKind kind, ReadOnlySpan<byte> hidden = default)
    {
        Kind = kind;
        Hidden = hidden;
    }

    public WhiteoutKind Kind { get; }

    /// <summary>For <see cref="WhiteoutKind.Hides"/>: the hidden name, without a NUL.</summary>
    public ReadOnlySpan<byte> Hidden { get; }

    /// <summary>What a path means.</summary>
    /// <exception cref="StrakeException">Invalid: it only looks like a whiteout.</exception>
    public static WhiteoutName Of(EntryPath path)
    {
        if (path.Bytes.IndexOf(".wh."u8) < 0) return new(WhiteoutKind.None);
        if (path.Bytes.StartsWith(".wh..wh."u8) && !path.Bytes.SequenceEqual(".wh..wh..opq"u8)) return new(WhiteoutKind.Metadata);
        foreach (var range in path.Parent.Split((byte)'/'))
        {
            if (path.Parent[range].StartsWith(".wh."u8)) throw Lie(path);
        }
        if (!path.Name.StartsWith(".wh."u8)) return new(WhiteoutKind.None);
        if (path.Name.SequenceEqual(".wh..wh..opq"u8)) return new(WhiteoutKind.Opaque);
        var hidden = path.Name[".wh.".Length..];
        if (hidden.IsEmpty || hidden.SequenceEqual("."u8) || hidden.SequenceEqual(".."u8) || hidden.StartsWith(".wh."u8)) throw Lie(path);
        return new(WhiteoutKind.Hides, hidden);
    }

    static StrakeException Lie(EntryPath path) => StrakeException.Invalid($"{TarName.Display(path.Bytes)} is no whiteout and cannot be a file of a layer");
}
