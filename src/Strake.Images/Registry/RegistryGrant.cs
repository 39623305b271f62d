using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Strake.Images;

/// <summary>Something that lets in, for a time.</summary>
/// <param name="Header">What is shown.</param>
/// <param name="Until">When it ends.</param>
sealed record RegistryGrant(AuthenticationHeaderValue Header, DateTimeOffset Until)
{
    // Tokens that do not say live so long, by the specification; and none is used in its last seconds.
    static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(60);
    static readonly TimeSpan s_margin = TimeSpan.FromSeconds(10);

    /// <summary>A token for later logins that came with it; empty: none.</summary>
    public string RefreshToken { get; init; } = "";

    /// <summary>Name and password.</summary>
    public static RegistryGrant Basic(RegistryCredentials credentials) => new(
        new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.Username}:{credentials.Password}"))),
        DateTimeOffset.MaxValue);

    /// <summary>A token that somebody else has got.</summary>
    public static RegistryGrant Bearer(string token) => new(new AuthenticationHeaderValue("Bearer", token), DateTimeOffset.MaxValue);

    /// <summary>Reads a token server's answer. Pure.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="now">When it came; what the server says about that is not needed.</param>
    /// <returns>Null: there is no token in it.</returns>
    public static RegistryGrant? Parse(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8 });
            var root = document.RootElement;
            if ((Token(root, "token") ?? Token(root, "access_token")) is not { } token) return null;
            var lives = root.TryGetProperty("expires_in", out var seconds) && seconds.ValueKind == JsonValueKind.Number && seconds.TryGetInt32(out var count)
                ? TimeSpan.FromSeconds(count)
                : s_shortest;
            return new RegistryGrant(new AuthenticationHeaderValue("Bearer", token), now + (lives > s_shortest ? lives : s_shortest) - s_margin)
            {
                RefreshToken = Token(root, "refresh_token") ?? "",
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    static string? Token(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text && RegistryCredentials.IsToken(text)
            ? text
            : null;

    /// <summary>Nothing of what it is.</summary>
    public override string ToString() => $"a grant until {Until:u}";
}
