namespace Strake.Volumes;

/// <summary>What a snapshot, rollback or clone of a volume takes, told before it is made.</summary>
/// <param name="CopiedBytes">Bytes that have to be copied; 0 where all of them are shared with the volume.</param>
/// <param name="IsOfOneMoment">Whether a copy is of one moment even while somebody writes; else its writers have to be held meanwhile.</param>
public sealed record VolumeCopyCost(long CopiedBytes, bool IsOfOneMoment);
