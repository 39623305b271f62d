namespace Strake.Volumes;

/// <summary>An answer that may say that it did not work.</summary>
interface IPluginAnswer
{
    /// <summary>Why it did not work; null or empty: it did.</summary>
    string? Err { get; }
}
