namespace Strake.Images;

/// <summary>stub</summary>
public sealed record RegistryCredentials(string? Username, string? Password);
