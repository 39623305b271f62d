using System.Buffers.Text;
using System.Text.Json;

namespace Strake.Images;

/// <summary>What somebody shows a registry to be let in. Never written anywhere.</summary>
public sealed record RegistryCredentials
{
    // Clients send a few hundred bytes; tokens of clouds go to some thousand.
    const int MostBytes = 64 << 10;

    /// <summary>The name; empty: none.</summary>
    public string Username { get; init; } = "";

    /// <summary>The password.</summary>
    public string Password { get; init; } = "";

    /// <summary>A refresh token in the place of a password (OAuth 2); empty: none.</summary>
    public string IdentityToken { get; init; } = "";

    /// <summary>A bearer token to be shown as it is; empty: none.</summary>
    public string RegistryToken { get; init; } = "";

    /// <summary>The registry that they are for, as a client wrote it; empty: not said.</summary>
    public string ServerAddress { get; init; } = "";

    /// <summary>Whether there is nothing to show.</summary>
    public bool IsEmpty => Username.Length == 0 && IdentityToken.Length == 0 && RegistryToken.Length == 0;

    /// <summary>Reads the header <c>X-Registry-Auth</c> of the Engine API: JSON in base64url, with padding or without.</summary>
    /// <param name="header">The header's value; null or empty: there is none.</param>
    /// <returns>The credentials; null when there are none.</returns>
    /// <exception cref="StrakeException">Invalid: it is something else. The message does not have its content.</exception>
    public static RegistryCredentials? Parse(string? header)
    {
        if (string.IsNullOrWhiteSpace(header)) return null;
        if (header.Length > MostBytes || !TryDecode(header.Trim(), out var json)) throw Malformed();
        var credentials = ParseJson(json);
        return credentials.IsEmpty ? null : credentials;
    }

    /// <summary>Reads what <c>POST /auth</c> of the Engine API carries.</summary>
    /// <param name="json">The body.</param>
    /// <exception cref="StrakeException">Invalid: it is something else.</exception>
    public static RegistryCredentials ParseJson(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            if (document.RootElement.ValueKind == JsonValueKind.Null) return new RegistryCredentials();
            var credentials = new RegistryCredentials
            {
                Username = Text(document, "username"),
                Password = Text(document, "password"),
                IdentityToken = Text(document, "identitytoken"),
                RegistryToken = Text(document, "registrytoken"),
                ServerAddress = Text(document, "serveraddress"),
            };
            // It becomes a header as it is.
            return IsToken(credentials.RegistryToken) ? credentials : throw Malformed();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Malformed();
        }
    }

    /// <summary>Whether a text can stand in a header as a token.</summary>
    internal static bool IsToken(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('!', '~');

    /// <summary>Nothing of what they are.</summary>
    public override string ToString() => IsEmpty ? "no credentials" : "credentials";

    static string Text(JsonDocument document, string name) =>
        document.RootElement.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString() ?? "" : "";

    static bool TryDecode(string text, out byte[] bytes)
    {
        // Some clients use the other alphabet of base64.
        var canonical = text.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        bytes = new byte[Base64Url.GetMaxDecodedLength(canonical.Length)];
        if (!Base64Url.IsValid(canonical) || !Base64Url.TryDecodeFromChars(canonical, bytes, out var written)) return false;
        bytes = bytes[..written];
        return true;
    }

    static StrakeException Malformed() => StrakeException.Invalid("invalid X-Registry-Auth: the credentials have to be a JSON object, as a header in base64url");
}
