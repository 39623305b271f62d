using System.Text;

namespace Strake.Layers;

/// <summary>The options of an overlay mount, as <c>Documentation/filesystems/overlayfs.rst</c> names them. Pure.</summary>
/// <param name="Lower">The read-only directories, top first; at least one with an upper directory, at least two without.</param>
/// <param name="Upper">The directory that receives the changes; null for a mount that only shows.</param>
/// <param name="Work">A directory beside it, for the kernel's own use; null without <paramref name="Upper"/>.</param>
/// <param name="Switches">Options that undo a kernel's own defaults, each with a comma before it; mostly empty.</param>
sealed record OverlayOptions(IReadOnlyList<string> Lower, string? Upper, string? Work, string Switches)
{
    /// <summary>
    /// A directory below all others whose files are seen only as the content of files that refer to them (since Linux 6.5); null: none.
    /// </summary>
    public string? DataOnly { get; init; }

    /// <summary>The text that mount(2) takes.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("lowerdir=");
        for (var i = 0; i < Lower.Count; i++)
        {
            if (i > 0) text.Append(':');
            AppendEscaped(text, Lower[i], ":,\\");
        }

        if (DataOnly is not null) AppendEscaped(text.Append("::"), DataOnly, ":,\\");
        if (Upper is not null && Work is not null)
        {
            text.Append(",upperdir=");
            AppendEscaped(text, Upper, ",\\");
            text.Append(",workdir=");
            AppendEscaped(text, Work, ",\\");
        }

        return text.Append(Switches).ToString();
    }

    // A data root may be called anything: colons separate layers, commas options, and a backslash keeps both from it.
    static void AppendEscaped(StringBuilder text, string path, string special)
    {
        foreach (var c in path)
        {
            if (special.Contains(c, StringComparison.Ordinal)) text.Append('\\');
            text.Append(c);
        }
    }
}
