namespace Strake.Images;

/// <summary>What a registry said to credentials that it takes.</summary>
/// <param name="IdentityToken">What to show from now on in place of the password; empty: the password.</param>
public sealed record RegistryLogin(string IdentityToken);
