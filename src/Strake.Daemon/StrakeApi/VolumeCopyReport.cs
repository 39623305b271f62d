namespace Strake.Daemon.StrakeApi;

/// <summary>What a copy of a volume takes, told before it is made.</summary>
/// <param name="CopiedBytes">Bytes that have to be copied; 0: all are shared.</param>
/// <param name="HoldsWriters">Whether containers that write to it are frozen for as long as the copy takes.</param>
public sealed record VolumeCopyReport(long CopiedBytes, bool HoldsWriters);
