using System.Text;

namespace Strake.Linux;

/// <summary>
/// The options of mount(2)'s data, taken apart for fsconfig. A backslash keeps the next byte from separating, as overlayfs has it; its
/// <c>lowerdir=a:b:c</c> becomes one <c>lowerdir+</c> a layer (since Linux 6.8).
/// </summary>
static class MountData
{
    public static IEnumerable<MountOption> Split(string data)
    {
        foreach (var option in Fields(data, ','))
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? option : option[..equals];
            var value = equals < 0 ? null : option[(equals + 1)..];
            foreach (var split in SplitOne(key, value))
                yield return split;
        }
    }

    // overlayfs undoes backslashes in the texts of upperdir and workdir, but not in those of lowerdir+ and datadir+ (fs/overlayfs/params.c).
    static IEnumerable<MountOption> SplitOne(string key, string? value) => (key, value) switch
    {
        (_, null) => [new(key, null)],
        ("lowerdir", _) => Layers(value),
        ("upperdir" or "workdir", _) => [new(key, value, Unescape(value))],
        _ => [new(key, Unescape(value))],
    };

    // "a:b::c": layers from the top; after "::" come layers of data only.
    static IEnumerable<MountOption> Layers(string value)
    {
        var key = "lowerdir+";
        foreach (var layer in Fields(value, ':'))
        {
            if (layer.Length == 0)
                key = "datadir+";
            else
                yield return new(key, Unescape(layer), Unescape(layer));
        }
    }

    // Splits where no backslash stands before; keeps the backslashes.
    static IEnumerable<string> Fields(string text, char separator)
    {
        var start = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text[at] == separator)
            {
                yield return text[start..at];
                start = at + 1;
            }
        }

        if (start < text.Length)
            yield return text[start..];
    }

    static string Unescape(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
                at++;

            result.Append(text[at]);
        }

        return result.ToString();
    }
}
