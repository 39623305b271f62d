namespace Strake.Volumes;

/// <summary>A volume with what it holds and who uses it.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="Space">What it holds; null: only walking tells.</param>
/// <param name="Uses">Who uses it.</param>
public sealed record MeasuredVolume(Volume Volume, VolumeSpace? Space, IReadOnlyList<VolumeUse> Uses);
