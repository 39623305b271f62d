using System.Buffers;

namespace Strake.Kubernetes.Objects;

/// <summary>What names of objects, labels and annotations may look like, and Kubernetes' words for those that do not.</summary>
/// <remarks>apimachinery <c>pkg/util/validation/validation.go</c>.</remarks>
public static class ObjectNames
{
    const int SubdomainLength = 253;
    const int LabelLength = 63;
    static readonly SearchValues<char> s_lower = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    static readonly SearchValues<char> s_qualified = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>What is wrong with a name that has to be one of a domain; null: nothing.</summary>
    public static string? CheckSubdomain(string name)
    {
        if (name.Length > SubdomainLength) return $"must be no more than {SubdomainLength} bytes";
        return name.Length > 0 && name.Split('.').All(IsLabel)
            ? null
            : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
                + "alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    }

    /// <summary>What is wrong with a name that has to be one part of a domain's; null: nothing.</summary>
    public static string? CheckLabel(string name)
    {
        if (name.Length > LabelLength) return $"must be no more than {LabelLength} bytes";
        return IsLabel(name)
            ? null
            : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric "
                + "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    }

    /// <summary>What is wrong with a name that only must fit a path, as of RBAC's objects; null: nothing.</summary>
    public static string? CheckPathSegment(string name) => name switch
    {
        "." or ".." => $"may not be '{name}'",
        _ when name.Contains('/', StringComparison.Ordinal) => "may not contain '/'",
        _ when name.Contains('%', StringComparison.Ordinal) => "may not contain '%'",
        _ => null,
    };

    /// <summary>What is wrong with the key of a label or annotation; null: nothing.</summary>
    public static string? CheckKey(string key)
    {
        int slash = key.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0 && CheckSubdomain(key[..slash]) is { } prefix) return "prefix part " + (slash == 0 ? "must be non-empty" : prefix);
        string name = key[(slash + 1)..];
        if (name.Length == 0) return "name part must be non-empty";
        if (name.Length > LabelLength) return $"name part must be no more than {LabelLength} bytes";
        return IsQualified(name)
            ? null
            : "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
                + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    }

    /// <summary>What is wrong with a label's value; null: nothing.</summary>
    public static string? CheckLabelValue(string value)
    {
        if (value.Length > LabelLength) return $"must be no more than {LabelLength} bytes";
        return value.Length == 0 || IsQualified(value)
            ? null
            : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
                + "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    }

    static bool IsLabel(string part) =>
        part.Length is > 0 and <= LabelLength && !part.AsSpan().ContainsAnyExcept(s_lower) && part[0] != '-' && part[^1] != '-';

    static bool IsQualified(string name) =>
        !name.AsSpan().ContainsAnyExcept(s_qualified) && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1]);
}
