namespace Strake.Build;

/// <summary>A file that a server of HTTP has.</summary>
/// <param name="Address">Where; http or https.</param>
sealed record HttpSource(Uri Address) : RemoteSource
{
    /// <inheritdoc/>
    public override string Shown => Show(Address);

    /// <summary>The last name of the path; empty where the path has none, so that the server has to say one.</summary>
    public string Name => SafeName(Uri.UnescapeDataString(Address.AbsolutePath));

    /// <summary>Reads an address; null: it is none of HTTP.</summary>
    public static new HttpSource? TryParse(string word) =>
        IsHttp(word) && Uri.TryCreate(word, UriKind.Absolute, out var address) && address.Host.Length > 0 ? new HttpSource(address) : null;

    /// <summary>An address without the name and password in it.</summary>
    public static string Show(Uri address) => address.UserInfo.Length == 0 ? address.ToString() : new UriBuilder(address) { UserName = "xxxxx", Password = "" }.Uri.ToString();

    /// <summary>The last name of a path that others wrote, as the name of a file; empty where it cannot be one.</summary>
    public static string SafeName(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name is "." or ".." || name.Contains('\0', StringComparison.Ordinal) || System.Text.Encoding.UTF8.GetByteCount(name) > MostNameBytes ? "" : name;
    }

    // NAME_MAX.
    const int MostNameBytes = 255;

    static bool IsHttp(string word) => word.StartsWith("http://", StringComparison.Ordinal) || word.StartsWith("https://", StringComparison.Ordinal);
}
