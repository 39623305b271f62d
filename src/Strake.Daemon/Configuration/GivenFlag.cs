namespace Strake.Daemon.Configuration;

/// <summary>A flag as it was given.</summary>
/// <param name="Name">The long name, without dashes.</param>
/// <param name="Value">Its value; <c>true</c> for a switch that stands alone.</param>
public sealed record GivenFlag(string Name, string Value);
