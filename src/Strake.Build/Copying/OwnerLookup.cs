using System.Globalization;
using System.Text;

namespace Strake.Build;

/// <summary>Names of users and groups as numbers, by an image's <c>/etc/passwd</c> and <c>/etc/group</c>.</summary>
static class OwnerLookup
{
    // Longer files are no list of accounts.
    const int MostBytes = 4 << 20;

    /// <summary>Finds whom <c>user[:group]</c> means.</summary>
    /// <param name="text">Names or numbers. Without a group: the one of the user's number.</param>
    /// <param name="image">The image.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="StrakeException">Invalid: no such user or group there.</exception>
    public static async Task<FileOwner> FindAsync(string text, ISourceTree image, CancellationToken cancellationToken)
    {
        var colon = text.IndexOf(':');
        var user = colon < 0 ? text : text[..colon];
        var group = colon < 0 ? user : text[(colon + 1)..];
        return new FileOwner(await NumberAsync(user, "etc/passwd", "user"), await NumberAsync(group, "etc/group", "group"));

        async Task<long> NumberAsync(string name, string file, string kind)
        {
            if (uint.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
            foreach (var line in await LinesAsync(image, file, cancellationToken))
            {
                var fields = line.Split(':');
                if (fields.Length > 2 && fields[0] == name && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out number)) return number;
            }

            throw StrakeException.Invalid($"unable to convert uid/gid chown string to host mapping: can't find {(kind == "user" ? "uid" : "gid")} for {kind} {name}: no such {kind}: {name}");
        }
    }

    static async Task<string[]> LinesAsync(ISourceTree image, string path, CancellationToken cancellationToken)
    {
        if (image.Find(SourceLinks.Resolve(image, path)) is not { Entry.SizeBytes: > 0 and < MostBytes } file) return [];
        await using var stream = image.Open(file);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return (await reader.ReadToEndAsync(cancellationToken)).Split('\n');
    }
}
