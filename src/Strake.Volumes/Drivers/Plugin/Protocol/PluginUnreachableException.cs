namespace Strake.Volumes;

/// <summary>A plugin gave no answer that says whether the call worked: it is not there, was cut off, or took too long.</summary>
/// <param name="message">What happened.</param>
/// <param name="sent">Whether the call may have reached it.</param>
/// <param name="inner">The cause.</param>
sealed class PluginUnreachableException(string message, bool sent, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the call may have reached the plugin, and so may have had its effect.</summary>
    public bool WasSent { get; } = sent;
}
