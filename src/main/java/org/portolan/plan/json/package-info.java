/** A plan as JSON, for programs and for {@code deploy --plan}. Knows JSON's trees and the plan's types, nothing else. */
@NullMarked
package org.portolan.plan.json;

import org.jspecify.annotations.NullMarked;
