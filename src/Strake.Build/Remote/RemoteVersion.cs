namespace Strake.Build;

/// <summary>What a server had at an address when it was asked last: it is asked whether it has another by now.</summary>
sealed record RemoteVersion
{
    /// <summary>The server's own word for what it had (RFC 9110, 8.8.3), as it wrote it.</summary>
    public string ETag { get; init; } = "";

    /// <summary>The digest of the bytes.</summary>
    public string Digest { get; init; } = "";

    /// <summary>The file's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>When it was last of use.</summary>
    public DateTimeOffset LastUsed { get; init; }
}
