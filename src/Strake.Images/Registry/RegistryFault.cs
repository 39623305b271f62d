using System.Net;
using System.Text;
using System.Text.Json;

namespace Strake.Images;

/// <summary>What a registry said when it refused (distribution specification, "Error Codes"), in the words of Docker's client.</summary>
/// <param name="Status">The answer's status.</param>
/// <param name="Code">Such as <c>MANIFEST_UNKNOWN</c>; empty when the answer had none and its status stands for none.</param>
/// <param name="Message">In words, such as <c>manifest unknown: manifest unknown</c>. Printable, and bounded.</param>
sealed record RegistryFault(HttpStatusCode Status, string Code, string Message)
{
    /// <summary>The most of an answer that is read for its words, in bytes.</summary>
    public const int MostBytes = 64 << 10;

    const int MostErrors = 8;
    const int MostText = 500;

    /// <summary>What an answer says.</summary>
    /// <param name="response">Its head.</param>
    /// <param name="body">The beginning of its body.</param>
    public static RegistryFault Of(HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        var refusal = AuthChallenge.Of(response).FirstOrDefault(static c => c.Is("Bearer") && c["error"] is not null);
        return (refusal?["error"], response.StatusCode) switch
        {
            // RFC 6750, 3.1. Docker Hub answers so where somebody has no business.
            ("insufficient_scope", >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError) =>
                new RegistryFault(response.StatusCode, "DENIED", $"denied: {Described(refusal!) ?? "requested access to the resource is denied"}"),
            ("invalid_token", >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError) =>
                new RegistryFault(response.StatusCode, "UNAUTHORIZED", $"unauthorized: {Described(refusal!) ?? "authentication required"}"),
            _ => Parse(response.StatusCode, body),
        };
    }

    /// <summary>What the body of a refusal says. Pure.</summary>
    /// <param name="status">The answer's status.</param>
    /// <param name="body">At most <see cref="MostBytes"/> of it.</param>
    public static RegistryFault Parse(HttpStatusCode status, ReadOnlyMemory<byte> body)
    {
        var (fallbackCode, fallbackWords) = status switch
        {
            HttpStatusCode.Unauthorized => ("UNAUTHORIZED", "unauthorized: authentication required"),
            HttpStatusCode.Forbidden => ("DENIED", "denied: requested access to the resource is denied"),
            HttpStatusCode.TooManyRequests => ("TOOMANYREQUESTS", "toomanyrequests: too many requests"),
            _ => ("", $"received unexpected HTTP status: {(int)status} {Words(status)}"),
        };
        var listed = Read(body.Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8) ? body : default, fallbackCode);
        if (listed is { } found) return new RegistryFault(status, found.Code, found.Message);
        // A page of a proxy, most likely. Its first words may still tell a person something; but what is known is said in any case.
        var page = Printable(Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, MostText)]));
        return new RegistryFault(status, fallbackCode, page.Length == 0 || fallbackCode.Length > 0 ? fallbackWords : $"{fallbackWords}: \"{page}\"");
    }

    static (string Code, string Message)? Read(ReadOnlyMemory<byte> body, string fallbackCode)
    {
        if (body.IsEmpty) return null;
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 32 });
            return Listed(document.RootElement) ?? Short(document.RootElement, fallbackCode);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // {"errors":[{"code":"NAME_UNKNOWN","message":"…","detail":…}]}
    static (string Code, string Message)? Listed(JsonElement root)
    {
        if (!root.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Array) return null;
        var all = errors.EnumerateArray().Where(static e => e.ValueKind == JsonValueKind.Object).Take(MostErrors).Select(One).ToList();
        return all.Count == 0 ? null : (all[0].Code, string.Join("; ", all.Select(static e => e.Message)));
    }

    // Token servers, and registries of old, say it shorter.
    static (string Code, string Message)? Short(JsonElement root, string fallbackCode)
    {
        foreach (var name in (string[])["details", "message", "error_description", "error"])
        {
            if (Text(root, name) is { Length: > 0 } words) return (fallbackCode, fallbackCode.Length == 0 ? words : $"{InWords(fallbackCode)}: {words}");
        }

        return null;
    }

    // Go's errcode.Error: the code in words, then the message.
    static (string Code, string Message) One(JsonElement error)
    {
        var (code, message) = (Text(error, "code"), Text(error, "message"));
        return (code, $"{(code.Length == 0 ? "unknown" : InWords(code))}: {(message.Length == 0 ? "unknown error" : message)}");
    }

    static string Text(JsonElement from, string name)
    {
        if (!from.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) return "";
        try
        {
            var text = Printable(value.GetString() ?? "");
            return text.Length > MostText ? text[..MostText] : text;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped: JSON allows it and text does not.
            return "";
        }
    }

    static string? Described(AuthChallenge refusal) =>
        refusal["error_description"] is { Length: > 0 } words ? Printable(words.Length > MostText ? words[..MostText] : words) : null;

    static string InWords(string code) => code.ToLowerInvariant().Replace('_', ' ');

    // It ends up in terminals.
    static string Printable(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c)).Trim();

    // InternalServerError: Internal Server Error.
    static string Words(HttpStatusCode status) =>
        Enum.IsDefined(status) ? string.Concat(status.ToString().Select(static (c, at) => at > 0 && char.IsAsciiLetterUpper(c) ? $" {c}" : $"{c}")) : "status";
}
