using System.Text;

namespace Strake.Kubernetes.Pods;

/// <summary>References to variables in texts: <c>$(NAME)</c> becomes its value, an unknown one stays as it is, and <c>$$(NAME)</c> is <c>$(NAME)</c>. Pure.</summary>
static class Expansion
{
    /// <summary>The text with its references replaced.</summary>
    /// <param name="text">The text.</param>
    /// <param name="find">The value of a variable; null: there is none.</param>
    public static string Expand(string text, Func<string, string?> find)
    {
        if (!text.Contains('$', StringComparison.Ordinal)) return text;
        var built = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] != '$' || at + 1 == text.Length)
            {
                built.Append(text[at]);
                continue;
            }

            int end = text[at + 1] == '(' ? text.IndexOf(')', at + 2) : -1;
            switch (text[at + 1])
            {
                case '$':
                    built.Append('$');
                    at++;
                    break;
                case '(' when end > 0:
                    string name = text[(at + 2)..end];
                    built.Append(find(name) ?? $"$({name})");
                    at = end;
                    break;
                default:
                    built.Append('$');
                    break;
            }
        }

        return built.ToString();
    }
}
