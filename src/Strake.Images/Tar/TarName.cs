using System.Text;

namespace Strake.Images.Tar;

/// <summary>Names of entries as text.</summary>
public static class TarName
{
    const int MaxShown = 200;

    /// <summary>
    /// A name for a message or a log line: bytes that are not UTF-8 become U+FFFD, control characters a question mark (a name must not
    /// write to somebody's terminal), and what is over 200 characters is cut.
    /// </summary>
    /// <param name="name">The bytes of a name.</param>
    public static string Display(ReadOnlySpan<byte> name)
    {
        var text = Encoding.UTF8.GetString(name.Length > 4 * MaxShown ? name[..(4 * MaxShown)] : name);
        var shown = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (shown.Length == MaxShown) return shown.Append('…').ToString();
            shown.Append(char.IsControl(c) ? '?' : c);
        }
        return shown.ToString();
    }
}
