using Strake.State;

namespace Strake.Cli;

/// <summary>A folder in the form of an OCI layout, and an artifact in it: <c>DIR</c> or <c>DIR:TAG</c>.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Tag">The artifact's tag; null: what fits.</param>
sealed record LayoutReference(string Folder, string? Tag)
{
    /// <summary>Reads what a user wrote. A colon before a slash belongs to the folder.</summary>
    /// <exception cref="StrakeException">Invalid: no folder, or no tag.</exception>
    public static LayoutReference Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        (string folder, string? tag) = colon >= 0 && !text.AsSpan(colon).Contains('/') ? (text[..colon], text[(colon + 1)..]) : (text, null);
        if (folder.Length == 0)
            throw StrakeException.Invalid($"'{text}' names no folder; write DIR or DIR:TAG");
        return new LayoutReference(folder, tag is null ? null : CheckTag(tag));
    }

    /// <summary>A tag, if it is one that registries take too.</summary>
    /// <exception cref="StrakeException">Invalid: it is none.</exception>
    public static string CheckTag(string tag) =>
        tag.Length is > 0 and <= 128 && tag[0] is not ('.' or '-') && tag.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-')
            ? tag
            : throw StrakeException.Invalid($"'{tag}' is no tag: 1 to 128 letters, digits, '_', '.' and '-'");
}
