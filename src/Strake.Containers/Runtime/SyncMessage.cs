using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Strake.Linux;

namespace Strake.Containers.Runtime;

/// <summary>What conmon says on its sync pipe: a number, and with a failure the runtime's words.</summary>
/// <param name="Number">A process's number, an exit code, or below zero for a failure.</param>
/// <param name="Message">What the runtime wrote to its stderr; null: nothing.</param>
readonly record struct SyncMessage(int Number, string? Message);
