namespace Strake.Containers.Oci;

/// <summary>
/// The inheritable and ambient sets are always left out: with them an exec'd program without capabilities of its own
/// would gain some (CVE-2022-24769).
/// </summary>
sealed record OciCapabilities(IReadOnlyList<string> Bounding, IReadOnlyList<string> Effective, IReadOnlyList<string> Permitted);
