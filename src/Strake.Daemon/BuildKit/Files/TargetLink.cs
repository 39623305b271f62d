namespace Strake.Daemon.BuildKit.Files;

/// <summary>Another name of a file, made when the file is there.</summary>
/// <param name="Directory">Where the name lies.</param>
/// <param name="Name">The name with its NUL.</param>
/// <param name="Entry">Says which file.</param>
sealed record TargetLink(TargetDirectory Directory, byte[] Name, FileEntry Entry);
