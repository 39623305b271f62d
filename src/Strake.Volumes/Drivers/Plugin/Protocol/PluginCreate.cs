namespace Strake.Volumes;

/// <summary><c>/VolumeDriver.Create</c>.</summary>
sealed record PluginCreate(string Name, IReadOnlyDictionary<string, string> Opts);
