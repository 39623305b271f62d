using System.Text;

namespace Strake.Linux;

/// <summary>
/// The options of mount(2)'s data, taken apart for fsconfig. A backslash keeps the next byte from separating, as overlayfs has it; its
/// <c>lowerdir=a:b:c</c> becomes one <c>lowerdir+</c> a layer (since Linux 6.8), which takes the path as it is.
/// </summary>
static class MountData
{
    // Their values are paths: see FsContext.SetDirectory.
    static readonly string[] Directories = ["lowerdir", "upperdir", "workdir"];

    public static IEnumerable<MountOption> Split(string data)
    {
        foreach (var option in Fields(data, ','))
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                yield return new(option, null, IsDirectory: false);
                continue;
            }

            var (key, value) = (option[..equals], option[(equals + 1)..]);
            if (!string.Equals(key, "lowerdir", StringComparison.Ordinal))
                yield return new(key, Unescape(value), Directories.Contains(key, StringComparer.Ordinal));
            else
            {
                foreach (var layer in Layers(value))
                    yield return layer;
            }
        }
    }

    // "a:b::c": layers from the top; after "::" come layers of data only.
    static IEnumerable<MountOption> Layers(string value)
    {
        var key = "lowerdir+";
        foreach (var layer in Fields(value, ':'))
        {
            if (layer.Length == 0)
                key = "datadir+";
            else
                yield return new(key, Unescape(layer), IsDirectory: true);
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
