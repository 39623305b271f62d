namespace Strake.Images.Tests;

/// <summary>The process has died.</summary>
sealed class SimulatedCrashException() : Exception("simulated crash");
