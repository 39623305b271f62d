using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Strake.State;

/// <summary>
/// A named place in the code at which a test can have the process die, as a power cut or the kernel would have it: the kill tests' hook,
/// placed around every durable write. Costs a test of a constant unless the process was started with one of the variables below.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>STRAKE_FAULT</term><description><c>name</c>: die at the first reach of that point; <c>name:3</c>: at the third;
/// <c>#17</c>: at the seventeenth point reached, whatever its name.</description></item>
/// <item><term>STRAKE_FAULT_ARM</term><description>A path: reaches count (and are traced) only once this file exists, so that the
/// daemon's own start is not in the count.</description></item>
/// <item><term>STRAKE_FAULT_LOG</term><description>A file that gets the name of the point, right before death.</description></item>
/// <item><term>STRAKE_FAULT_TRACE</term><description>A file that gets the name of each point reached, a line each: line N is what
/// <c>#N</c> would hit.</description></item>
/// </list>
/// </remarks>
/// <example><code>
/// FaultPoint.Reach("layer.seal.before-rename");
/// </code></example>
public static class FaultPoint
{
    static readonly FaultPlan? s_plan = FaultPlan.FromEnvironment();

    /// <summary>Dies here by SIGKILL if the environment says so; else does nothing.</summary>
    /// <param name="name">The point's name: noun.verb.place, unique in the code.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Reach(string name)
    {
        if (s_plan is not null) s_plan.Reach(name);
    }

    /// <summary>Which reach is the deadly one.</summary>
    sealed class FaultPlan
    {
        readonly Lock _gate = new();
        readonly string? _name;
        readonly int _count;
        readonly string? _armPath = Environment.GetEnvironmentVariable("STRAKE_FAULT_ARM");
        readonly string? _logPath = Environment.GetEnvironmentVariable("STRAKE_FAULT_LOG");
        readonly string? _tracePath = Environment.GetEnvironmentVariable("STRAKE_FAULT_TRACE");
        bool _armed;
        int _reached;

        FaultPlan(string? fault)
        {
            if (string.IsNullOrEmpty(fault)) return;
            var parts = fault.StartsWith('#') ? ["", fault[1..]] : fault.Split(':', 2);
            _name = parts[0].Length == 0 ? null : parts[0];
            _count = parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
        }

        public static FaultPlan? FromEnvironment()
        {
            var fault = Environment.GetEnvironmentVariable("STRAKE_FAULT");
            var trace = Environment.GetEnvironmentVariable("STRAKE_FAULT_TRACE");
            return string.IsNullOrEmpty(fault) && string.IsNullOrEmpty(trace) ? null : new FaultPlan(fault);
        }

        // The lock makes the count exact, and lets nobody pass a point while the process dies at another.
        public void Reach(string name)
        {
            lock (_gate)
            {
                _armed = _armed || string.IsNullOrEmpty(_armPath) || File.Exists(_armPath);
                if (!_armed) return;
                if (!string.IsNullOrEmpty(_tracePath)) File.AppendAllText(_tracePath, name + "\n");
                if (_count == 0 || (_name is not null && !string.Equals(_name, name, StringComparison.Ordinal))) return;
                if (++_reached == _count) Die(name);
            }
        }

        void Die(string name)
        {
            if (!string.IsNullOrEmpty(_logPath)) File.AppendAllText(_logPath, name + "\n");
            // Process.Kill is SIGKILL: no handler runs, nothing is flushed.
            using var self = Process.GetCurrentProcess();
            self.Kill();
            // The signal is on its way to every thread; this one must not go on meanwhile.
            using var never = new ManualResetEventSlim();
            never.Wait();
        }
    }
}
