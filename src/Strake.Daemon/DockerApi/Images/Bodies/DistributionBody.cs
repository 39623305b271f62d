namespace Strake.Daemon.DockerApi;

/// <summary>What a registry has under a name.</summary>
/// <param name="Descriptor">The manifest.</param>
/// <param name="Platforms">What the image runs on.</param>
sealed record DistributionBody(DescriptorBody Descriptor, IReadOnlyList<PlatformBody> Platforms);
