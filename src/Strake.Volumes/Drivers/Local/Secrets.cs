namespace Strake.Volumes;

/// <summary>Keeps passwords in mount options out of what is told and logged. Pure.</summary>
static class Secrets
{
    const string Mark = "********";

    static readonly string[] s_names = ["password=", "pass=", "secret=", "passwd="];

    /// <summary>A text without the passwords that options have.</summary>
    /// <param name="text">The text.</param>
    /// <param name="options">Options of a mount, between commas.</param>
    public static string Mask(string text, string options)
    {
        foreach (string option in options.Split(','))
        {
            string? name = s_names.FirstOrDefault(name => option.StartsWith(name, StringComparison.OrdinalIgnoreCase));
            if (name is not null && option.Length > name.Length)
                text = text.Replace(option[name.Length..], Mark, StringComparison.Ordinal);
        }

        return text;
    }
}
