namespace Strake.Volumes;

/// <summary>A plugin answered that a call did not work, or answered what the protocol does not know.</summary>
/// <param name="message">The plugin's words, or what is wrong with its answer.</param>
/// <param name="inner">The cause.</param>
sealed class PluginRefusalException(string message, Exception? inner = null) : Exception(message, inner);
